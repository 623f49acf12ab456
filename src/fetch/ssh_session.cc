#include "fetch/ssh_session.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace onefold::fetch {
namespace {

constexpr int connect_ms_max = 15'000;
constexpr int questions_max = 10;

bool connect_within(int socket, const addrinfo& to) {
    if (::connect(socket, to.ai_addr, to.ai_addrlen) == 0)
        return true;
    if (errno != EINPROGRESS)
        return false;
    pollfd waiting{socket, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    if (::poll(&waiting, 1, connect_ms_max) <= 0 || ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
        errno = ETIMEDOUT;
        return false;
    }
    errno = error;
    return error == 0;
}

// Each address is judged before anything is sent to it.
Result<int> connected_socket(const std::string& host, std::int64_t port, const std::vector<Network>& allowed) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (const int code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found); code != 0)
        return unreachable(host, LocalText(::gai_strerror(code)));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(found, ::freeaddrinfo);
    bool is_refused = false;
    LocalText cause{"it has no address", "没有可用地址"};
    for (const addrinfo* one = found; one; one = one->ai_next) {
        const auto address = address_of(*one->ai_addr);
        if (!address || !may_reach(*address, allowed)) {
            is_refused = true;
            continue;
        }
        const int socket = ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol);
        if (socket >= 0 && connect_within(socket, *one)) {
            ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) & ~O_NONBLOCK);
            return socket;
        }
        cause = LocalText(std::strerror(errno));
        if (socket >= 0)
            ::close(socket);
    }
    if (is_refused)
        return address_refused(host);
    return unreachable(host, cause);
}

} // namespace

SshSession::~SshSession() {
    if (session_ && ssh_is_connected(session_))
        ssh_disconnect(session_);
    if (session_)
        ssh_free(session_);
}

Result<> SshSession::connect(const Ask& ask) {
    TRY(greet(ask));
    TRY(check_host_key(ask));
    return sign_in(ask);
}

Result<> SshSession::greet(const Ask& ask) {
    const Settings& to = ask.settings;
    session_ = ssh_new();
    VERIFY(session_);
    socket_t socket = TRY(connected_socket(to.host, to.port, networks_of(ask)));
    const bool no = false;
    const long timeout_s = long(ask.limits.silence_max.count());
    ssh_options_set(session_, SSH_OPTIONS_PROCESS_CONFIG, &no);
    ssh_options_set(session_, SSH_OPTIONS_HOST, to.host.c_str());
    ssh_options_set(session_, SSH_OPTIONS_USER, to.login.c_str());
    ssh_options_set(session_, SSH_OPTIONS_FD, &socket);
    ssh_options_set(session_, SSH_OPTIONS_TIMEOUT, &timeout_s);
    ssh_options_set(session_, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    ssh_options_set(session_, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    if (ssh_connect(session_) != SSH_OK)
        return unreachable(to.host, LocalText(ssh_get_error(session_)));
    return {};
}

Result<> SshSession::check_host_key(const Ask& ask) {
    ssh_key key = nullptr;
    unsigned char* hash = nullptr;
    std::size_t size = 0;
    if (ssh_get_server_publickey(session_, &key) == SSH_OK &&
        ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &size) == 0) {
        char* text = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, size);
        host_key_ = text ? text : "";
        ssh_string_free_char(text);
        ssh_clean_pubkey_hash(&hash);
    }
    ssh_key_free(key);
    const Settings& to = ask.settings;
    if (host_key_.empty())
        return unreachable(to.host, {"it shows no key", "未出示密钥"});
    if (to.host_key.empty() || to.host_key == host_key_)
        return {};
    return fail(ErrorKind::forbidden, "fetch.other_key",
        {fmt::format("{} shows another key ({}) than before ({}). It may be another computer: nothing was sent to it. "
                     "If its key was renewed, say so in the settings.",
             to.host, host_key_, to.host_key),
            fmt::format("{} 出示的主机密钥（{}）与之前的（{}）不同，可能是另一台计算机，未向其发送任何内容。"
                        "如密钥确已更换，请在设置中确认。",
                to.host, host_key_, to.host_key)});
}

Result<> SshSession::sign_in(const Ask& ask) {
    const int none = ssh_userauth_none(session_, nullptr);
    if (none == SSH_AUTH_SUCCESS)
        return {};
    if (none == SSH_AUTH_ERROR)
        return unreachable(ask.settings.host, LocalText(ssh_get_error(session_)));
    if (!ask.secrets.private_key.empty())
        return sign_in_with_key(ask);
    const std::string& password = ask.secrets.password;
    const int methods = ssh_userauth_list(session_, nullptr);
    int outcome = SSH_AUTH_DENIED;
    if (methods & SSH_AUTH_METHOD_PASSWORD)
        outcome = ssh_userauth_password(session_, nullptr, password.c_str());
    else if (methods & SSH_AUTH_METHOD_INTERACTIVE)
        outcome = answer_questions(password);
    if (outcome == SSH_AUTH_SUCCESS)
        return {};
    return outcome == SSH_AUTH_ERROR ? unreachable(ask.settings.host, LocalText(ssh_get_error(session_)))
                                     : login_refused(ask.settings.host);
}

int SshSession::answer_questions(const std::string& password) {
    int outcome = ssh_userauth_kbdint(session_, nullptr, nullptr);
    for (int round = 0; outcome == SSH_AUTH_INFO && round < questions_max; ++round) {
        const int prompts = ssh_userauth_kbdint_getnprompts(session_);
        for (int i = 0; i < prompts; ++i)
            ssh_userauth_kbdint_setanswer(session_, unsigned(i), password.c_str());
        outcome = ssh_userauth_kbdint(session_, nullptr, nullptr);
    }
    return outcome;
}

Result<> SshSession::sign_in_with_key(const Ask& ask) {
    ssh_key key = nullptr;
    const auto& [password, private_key, passphrase] = ask.secrets;
    if (ssh_pki_import_privkey_base64(
            private_key.c_str(), passphrase.empty() ? nullptr : passphrase.c_str(), nullptr, nullptr, &key) != SSH_OK)
        return fail(ErrorKind::invalid, "fetch.bad_private_key",
            {"The private key cannot be read: it is no OpenSSH or PEM key, or its passphrase is another.",
                "无法读取私钥：不是 OpenSSH 或 PEM 格式，或密码短语不正确。"});
    const int outcome = ssh_userauth_publickey(session_, nullptr, key);
    ssh_key_free(key);
    if (outcome == SSH_AUTH_SUCCESS)
        return {};
    return outcome == SSH_AUTH_ERROR ? unreachable(ask.settings.host, LocalText(ssh_get_error(session_)))
                                     : login_refused(ask.settings.host);
}

} // namespace onefold::fetch
