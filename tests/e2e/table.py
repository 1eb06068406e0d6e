"""An output as its readers see it."""

import json
import re

import pyarrow as pa
import pyarrow.fs
import pyarrow.parquet as pq

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Table:
    """A Pomona output in `folder`, on `filesystem` (default: local)."""

    def __init__(self, folder, filesystem: pa.fs.FileSystem | None = None):
        self.folder = str(folder)
        self.filesystem = filesystem or pa.fs.LocalFileSystem()

    def _names(self, folder: str) -> list[str]:
        selector = pa.fs.FileSelector(folder, allow_not_found=True)
        try:
            infos = self.filesystem.get_file_info(selector)
        except FileNotFoundError:  # HDFS's client looks twice, and a run may be making it now
            return []
        return sorted(info.path for info in infos if info.is_file)

    def part_paths(self) -> list[str]:
        return [path for path in self._names(self.folder) if "/part-" in path]

    def parts(self) -> dict[str, pa.Table]:
        """Rows by file; what its name says of the run that wrote it is left out."""
        read = {}
        for path in self.part_paths():
            with self.filesystem.open_input_file(path) as file:
                name = re.sub(r"-c\d+\.", ".", UUID.sub("UUID", path.rsplit("/", 1)[1]))
                read[name] = pq.read_table(file)
        return read

    def rows(self) -> pa.Table:
        return pa.concat_tables(self.parts().values())

    def paths(self) -> list[str]:
        return self.rows()["path"].to_pylist()

    def rejects(self) -> list[dict]:
        rejects = []
        for path in self._names(f"{self.folder}/_pomona/rejects"):
            if not path.endswith(".parquet"):  # Spark leaves a _SUCCESS there
                continue
            with self.filesystem.open_input_file(path) as file:
                rejects += pq.read_table(file).to_pylist()
        return rejects

    def reject_reasons(self) -> dict[str, str]:
        """Reason code by the file's base name."""
        return {reject["uri"].rsplit("/", 1)[1]: reject["reason"] for reject in self.rejects()}

    def report(self) -> dict:
        with self.filesystem.open_input_file(f"{self.folder}/_pomona/report.json") as file:
            return json.loads(file.read())

    def is_finished(self) -> bool:
        return self.filesystem.get_file_info(f"{self.folder}/_SUCCESS").is_file

    def content(self):
        """All that a repeated run must reproduce: rows by file, and rejects."""
        return {name: part.to_pylist() for name, part in self.parts().items()}, self.rejects()
