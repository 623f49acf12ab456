# The web interface, packed (script/pack_web.mjs) and carried inside the binary. Without a built web/dist the binary
# carries an empty pack and says so on its first page.
set(WEB_PACK ${CMAKE_BINARY_DIR}/generated/web.pack)
file(GLOB_RECURSE web_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/dist/*)
find_program(NODE node HINTS ${CMAKE_SOURCE_DIR}/.tools/node/bin REQUIRED)
add_custom_command(OUTPUT ${WEB_PACK}
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/script/pack_web.mjs ${CMAKE_SOURCE_DIR}/web/dist ${WEB_PACK}
  DEPENDS ${web_files} ${CMAKE_SOURCE_DIR}/script/pack_web.mjs VERBATIM)
set(WEB_ASM ${CMAKE_BINARY_DIR}/generated/web.S)
file(GENERATE OUTPUT ${WEB_ASM} CONTENT
".section .rodata\n.balign 16\n.global onefold_web_pack\nonefold_web_pack:\n.incbin \"${WEB_PACK}\"\n.global onefold_web_pack_end\nonefold_web_pack_end:\n.byte 0\n.section .note.GNU-stack,\"\",@progbits\n")
set_source_files_properties(${WEB_ASM} PROPERTIES OBJECT_DEPENDS ${WEB_PACK} GENERATED TRUE)
add_library(onefold_web STATIC ${WEB_ASM})
set_target_properties(onefold_web PROPERTIES LINKER_LANGUAGE CXX)
