# The telephone numbering plans, out of npm's libphonenumber-js (script/npm, installed by script/setup).
set(PHONE_METADATA ${CMAKE_SOURCE_DIR}/script/npm/node_modules/libphonenumber-js/metadata.min.json)
set(PHONE_PLANS ${CMAKE_BINARY_DIR}/generated/phone_plans.cc)
if(NOT EXISTS ${PHONE_METADATA})
  message(FATAL_ERROR "libphonenumber-js is not there: run script/setup, or `npm ci --ignore-scripts` in script/npm")
endif()
add_custom_command(OUTPUT ${PHONE_PLANS}
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/script/phone_metadata.mjs ${PHONE_METADATA} ${PHONE_PLANS}
  DEPENDS ${PHONE_METADATA} ${CMAKE_SOURCE_DIR}/script/phone_metadata.mjs VERBATIM)
target_sources(onefold_identity PRIVATE ${PHONE_PLANS})
