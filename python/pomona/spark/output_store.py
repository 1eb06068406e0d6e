"""The folder of a table that Spark writes, through Hadoop's FileSystem: any store that Spark
knows."""

from __future__ import annotations

import pomona

SUCCESS = "_SUCCESS"


class OutputStore:
    """The folder `uri`, as Spark's own writer would open it."""

    def __init__(self, spark, uri: str):
        hadoop_fs = spark._jvm.org.apache.hadoop.fs
        self._path_of = hadoop_fs.Path
        self.uri = uri
        self._root = self._path_of(uri)
        configuration = spark._jsparkSession.sessionState().newHadoopConf()
        self._files = self._root.getFileSystem(configuration)

    def refuse_other_things(self, sources: list[str]) -> None:
        """The core's rule, of this folder as Spark sees it: see pomona.check_output."""
        place = self._files.makeQualified(self._root).toString()
        pomona.check_output(place, sources=sources, names=self.names(), tables_may_go=True)

    def names(self) -> list[str]:
        """What lies directly in it, folders with a slash at their end."""
        if not self.exists():
            return []
        return [
            entry.getPath().getName() + ("/" if entry.isDirectory() else "")
            for entry in self._files.listStatus(self._root)
        ]

    def clear(self) -> None:
        """Removes the table that is there, and nothing else: its mark of success first."""
        names = sorted(self.names(), key=lambda name: name != SUCCESS)
        for name in names:
            if not name.startswith("."):
                self.delete(name)

    def delete(self, name: str) -> None:
        """A file, or a folder with all below it. Fine if it is missing."""
        self._files.delete(self._path_of(self._root, name.rstrip("/")), True)

    def exists(self) -> bool:
        return self._files.exists(self._root)

    def write(self, name: str, text: str) -> None:
        """Replaces `name` below the folder."""
        stream = self._files.create(self._path_of(self._root, name), True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()
