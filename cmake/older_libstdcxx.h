// Included before every source (CMakeLists.txt), for the sake of the wheels. GCC 12 gave this
// function a new symbol version, GLIBCXX_3.4.30; the old one is still there, does the same, and is
// all that the libstdc++ of GCC 11 has (Amazon Linux 2023).
__asm__(
    ".symver _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE,"
    "_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE@GLIBCXX_3.4.11");
