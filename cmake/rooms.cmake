# One library a room, one test program a room. Which room links which is read from src/layers.toml,
# so a room that includes what it may not also does not link.
add_library(onefold_pch STATIC ${CMAKE_SOURCE_DIR}/src/core/pch.cc)
target_link_libraries(onefold_pch PUBLIC onefold_libraries)
target_precompile_headers(onefold_pch PRIVATE ${CMAKE_SOURCE_DIR}/src/core/pch.h)

file(STRINGS ${CMAKE_SOURCE_DIR}/src/layers.toml layers REGEX "^[a-z_]+ *= *\\[")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/layers.toml)
foreach(line IN LISTS layers)
  string(REGEX REPLACE "^([a-z_]+) *=.*" "\\1" room "${line}")
  string(REGEX MATCHALL "\"[a-z_]+\"" below "${line}")
  list(TRANSFORM below REPLACE "\"([a-z_]+)\"" "onefold_\\1")

  set(folder ${CMAKE_SOURCE_DIR}/src/${room})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(benches ${sources})
  list(FILTER benches INCLUDE REGEX "_bench\\.cc$")
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|_fuzz|/main|/pch)\\.cc$")

  # A room's migrations become `<room>::schema()`, so that the program carries them.
  file(GLOB migrations CONFIGURE_DEPENDS ${folder}/schema/*.sql)
  if(migrations)
    set(generated ${CMAKE_BINARY_DIR}/generated/${room}_schema.cc)
    add_custom_command(OUTPUT ${generated}
      COMMAND ${CMAKE_COMMAND} -DROOM=${room} "-DFILES=${migrations}" -DOUT=${generated} -P ${CMAKE_SOURCE_DIR}/cmake/schema.cmake
      DEPENDS ${migrations} ${CMAKE_SOURCE_DIR}/cmake/schema.cmake VERBATIM)
    list(APPEND sources ${generated})
  endif()

  if(NOT sources)
    add_library(onefold_${room} INTERFACE)
    target_link_libraries(onefold_${room} INTERFACE ${below} onefold_libraries)
  else()
    add_library(onefold_${room} STATIC ${sources})
    target_precompile_headers(onefold_${room} REUSE_FROM onefold_pch)
    target_link_libraries(onefold_${room} PUBLIC ${below} onefold_libraries)
    if(room STREQUAL "store")
      target_link_libraries(onefold_${room} PRIVATE onefold_databases)
    endif()
  endif()

  if(tests)
    list(APPEND rooms_with_tests ${room})
    set(tests_of_${room} ${tests})
  endif()
  if(benches)
    add_executable(${room}_bench ${benches})
    target_link_libraries(${room}_bench PRIVATE onefold_${room} onefold_testing benchmark::benchmark benchmark::benchmark_main)
    target_precompile_headers(${room}_bench REUSE_FROM onefold_pch)
    list(APPEND bench_programs ${room}_bench)
  endif()
endforeach()

if(EXISTS ${CMAKE_SOURCE_DIR}/src/cli/main.cc)
  add_executable(onefold ${CMAKE_SOURCE_DIR}/src/cli/main.cc)
  target_link_libraries(onefold PRIVATE onefold_cli onefold_web)
  if(NOT ONEFOLD_SANITIZE)
    target_link_libraries(onefold PRIVATE jemalloc) # faster than glibc's malloc for batches of many small values
  endif()
  target_precompile_headers(onefold REUSE_FROM onefold_pch)
  set_target_properties(onefold PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endif()
