"""Files beside a table that Spark writes, through Hadoop's FileSystem: any store that Spark
knows."""

from __future__ import annotations


class OutputStore:
    """The folder `uri`, as Spark's own writer would open it."""

    def __init__(self, spark, uri: str):
        hadoop_fs = spark._jvm.org.apache.hadoop.fs
        self._path_of = hadoop_fs.Path
        self.uri = uri
        self._root = self._path_of(uri)
        configuration = spark._jsparkSession.sessionState().newHadoopConf()
        self._files = self._root.getFileSystem(configuration)

    def exists(self) -> bool:
        return self._files.exists(self._root)

    def write(self, name: str, text: str) -> None:
        """Replaces `name` below the folder."""
        stream = self._files.create(self._path_of(self._root, name), True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()

    def delete(self, name: str) -> None:
        """Fine if it is missing."""
        self._files.delete(self._path_of(self._root, name), False)
