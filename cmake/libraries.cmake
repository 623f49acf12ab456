# Debian's libraries, and DuckDB out of npm's packages (script/setup puts it into .tools/duckdb).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(OPENSSL REQUIRED IMPORTED_TARGET openssl)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(FMT REQUIRED IMPORTED_TARGET fmt)
pkg_check_modules(SPDLOG REQUIRED IMPORTED_TARGET spdlog)
pkg_check_modules(SIMDJSON REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(SSH REQUIRED IMPORTED_TARGET libssh)

add_library(onefold_libraries INTERFACE)
target_link_libraries(onefold_libraries INTERFACE Threads::Threads Boost::json Boost::url PkgConfig::SODIUM PkgConfig::CURL
  PkgConfig::ICU PkgConfig::OPENSSL PkgConfig::ZLIB PkgConfig::FMT PkgConfig::SPDLOG PkgConfig::SIMDJSON PkgConfig::RE2)
target_compile_definitions(onefold_libraries INTERFACE BOOST_JSON_NO_LIB SPDLOG_FMT_EXTERNAL SPDLOG_COMPILED_LIB)
target_include_directories(onefold_libraries INTERFACE ${CMAKE_SOURCE_DIR}/src)

# Only the room `store` links databases.
set(DUCKDB_ROOT ${CMAKE_SOURCE_DIR}/.tools/duckdb)
find_library(DUCKDB_LIBRARY duckdb PATHS ${DUCKDB_ROOT} REQUIRED)
find_path(DUCKDB_INCLUDE duckdb.h PATHS ${DUCKDB_ROOT} REQUIRED)
add_library(onefold_databases INTERFACE)
target_link_libraries(onefold_databases INTERFACE PkgConfig::SQLITE PkgConfig::PQ ${DUCKDB_LIBRARY})
target_include_directories(onefold_databases INTERFACE ${DUCKDB_INCLUDE})

# The binary finds libduckdb.so beside itself.
file(COPY_FILE ${DUCKDB_LIBRARY} ${CMAKE_BINARY_DIR}/libduckdb.so ONLY_IF_DIFFERENT)
set(CMAKE_BUILD_RPATH "$ORIGIN;$ORIGIN/..;${CMAKE_BINARY_DIR}")
set(CMAKE_BUILD_WITH_INSTALL_RPATH OFF)
