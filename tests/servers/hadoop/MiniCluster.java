import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.ResourceScheduler;
import org.apache.hadoop.yarn.server.resourcemanager.scheduler.capacity.CapacityScheduler;

/**
 * A real HDFS, and with --yarn a real YARN, on 127.0.0.1.
 *
 * <p>java -cp 'classes:lib/*' MiniCluster CONFDIR WORKDIR [--yarn]
 *
 * <p>Ports are free ones. Writes the clients' site files to CONFDIR, then prints "READY URI".
 * Runs until SIGTERM; its data in WORKDIR are not kept.
 */
public class MiniCluster {
  public static void main(String[] arguments) throws Exception {
    Path conf = Path.of(arguments[0]);
    Path work = Path.of(arguments[1]);
    boolean withYarn = List.of(arguments).contains("--yarn");
    Files.createDirectories(conf);
    Files.createDirectories(work);
    System.setProperty("test.build.data", work.resolve("data").toString());
    System.setProperty("test.build.dir", work.toString());

    MiniDFSCluster dfs = startHdfs(work);
    String uri = dfs.getURI().toString();
    Configuration sites = dfs.getConfiguration(0);
    sites.set("fs.defaultFS", uri);
    MiniYARNCluster yarn = withYarn ? startYarn(sites) : null;
    if (withYarn) {
      sites = yarn.getConfig();
    }
    writeSites(conf, sites, withYarn);

    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      if (yarn != null) {
        yarn.stop();  // ends the containers, which are processes of their own
      }
      Runtime.getRuntime().halt(0);  // the data are thrown away: no orderly end of HDFS needed
    }));
    System.out.println("READY " + uri);
    Thread.currentThread().join();
  }

  private static MiniDFSCluster startHdfs(Path work) throws Exception {
    Configuration c = new Configuration();
    c.set("hdfs.minidfs.basedir", work.resolve("dfs").toString());
    c.set("hadoop.tmp.dir", work.resolve("tmp").toString());
    c.setBoolean("dfs.permissions.enabled", false);
    String user = System.getProperty("user.name");
    c.set("hadoop.proxyuser." + user + ".hosts", "*");
    c.set("hadoop.proxyuser." + user + ".groups", "*");
    MiniDFSCluster dfs = new MiniDFSCluster.Builder(c).numDataNodes(1).format(true).build();
    dfs.waitActive();
    return dfs;
  }

  private static MiniYARNCluster startYarn(Configuration hdfs) throws Exception {
    YarnConfiguration y = new YarnConfiguration(hdfs);
    y.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 256);
    y.setInt(YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB, 4096);
    y.setInt(YarnConfiguration.NM_PMEM_MB, 6144);
    y.setInt(YarnConfiguration.NM_VCORES, 4);
    y.setClass(YarnConfiguration.RM_SCHEDULER, CapacityScheduler.class, ResourceScheduler.class);
    y.set("yarn.scheduler.capacity.root.queues", "default");
    y.set("yarn.scheduler.capacity.root.default.capacity", "100");
    y.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.6");
    y.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
    y.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    // A test machine's disk may be nearly full: that must not take the only node away.
    y.set("yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99");
    y.setBoolean(YarnConfiguration.IS_MINI_YARN_CLUSTER, true);
    MiniYARNCluster yarn = new MiniYARNCluster("pomona", 1, 1, 1);
    yarn.init(y);
    yarn.start();
    yarn.waitForNodeManagersToConnect(10_000);
    return yarn;
  }

  /** Only what a client needs: addresses, no paths of this process. */
  private static void writeSites(Path conf, Configuration all, boolean withYarn) throws Exception {
    writeSite(conf, "core-site.xml", all,
        key -> key.startsWith("fs.defaultFS") || key.startsWith("hadoop.proxyuser"));
    writeSite(conf, "hdfs-site.xml", all,
        key -> key.startsWith("dfs.") && key.contains("namenode") && key.contains("address"));
    if (withYarn) {
      writeSite(conf, "yarn-site.xml", all,
          key -> key.startsWith("yarn.") && key.contains("resourcemanager")
              && key.contains("address"));
    }
  }

  private static void writeSite(Path conf, String name, Configuration all, Predicate<String> wanted)
      throws Exception {
    Configuration site = new Configuration(false);
    for (Map.Entry<String, String> entry : all) {
      if (wanted.test(entry.getKey())) {
        site.set(entry.getKey(), all.get(entry.getKey()));
      }
    }
    Path half = conf.resolve(name + ".tmp");
    try (OutputStream out = Files.newOutputStream(half)) {
      site.writeXml(out);
    }
    Files.move(half, conf.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }
}
