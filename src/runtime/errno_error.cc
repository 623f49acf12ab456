#include "runtime/errno_error.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

namespace onefold::runtime {
namespace {

struct Cause {
    int error_number;
    ErrorKind kind;
    std::string_view en;
    std::string_view zh;
};

constexpr Cause causes[] = {
    {ENOENT, ErrorKind::not_found, "it does not exist", "它不存在"},
    {ENOTDIR, ErrorKind::not_found, "a part of the path is not a folder", "路径中有一部分不是文件夹"},
    {EEXIST, ErrorKind::conflict, "it exists already", "它已存在"},
    {EACCES, ErrorKind::forbidden, "the account that runs Onefold may not do that", "运行归一的账户没有权限"},
    {EPERM, ErrorKind::forbidden, "the account that runs Onefold may not do that", "运行归一的账户没有权限"},
    {EROFS, ErrorKind::forbidden, "the disk is read-only", "磁盘是只读的"},
    {EISDIR, ErrorKind::invalid, "it is a folder", "它是文件夹"},
    {ENAMETOOLONG, ErrorKind::invalid, "the name is too long", "名称过长"},
    {ENOSPC, ErrorKind::storage_full, "the disk is full", "磁盘已满"},
    {EDQUOT, ErrorKind::storage_full, "the disk quota is used up", "磁盘配额已用完"},
    {EMFILE, ErrorKind::unavailable, "too many files are open", "打开的文件过多"},
    {ENFILE, ErrorKind::unavailable, "too many files are open", "打开的文件过多"},
    {EIO, ErrorKind::internal, "the disk reported an error", "磁盘报告错误"},
};

std::string code_of(int error_number) {
    const char* name = ::strerrorname_np(error_number);
    std::string code = "files.";
    for (const char* c = name ? name : "unknown"; *c; ++c)
        code.push_back(*c >= 'A' && *c <= 'Z' ? char(*c + 32) : *c);
    return code;
}

} // namespace

Failure file_failure(int error_number, const Attempt& attempt, std::string_view path) {
    const char* description = ::strerrordesc_np(error_number);
    Cause cause{error_number, ErrorKind::internal, description ? description : "unknown error",
        description ? description : "未知错误"};
    for (const Cause& known : causes)
        if (known.error_number == error_number)
            cause = known;
    return fail(cause.kind, code_of(error_number),
        {fmt::format("{} {}: {}.", path, attempt.en, cause.en),
            fmt::format("{} {}：{}。", path, attempt.zh, cause.zh)});
}

} // namespace onefold::runtime
