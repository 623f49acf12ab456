#pragma once
// A connection to an SSH server whose key is the pinned one, signed in. For the child.
#include "fetch/remote.h"

#include <libssh/libssh.h>

namespace onefold::fetch {

class SshSession {
  public:
    SshSession() = default;
    ~SshSession();
    SshSession(const SshSession&) = delete;
    SshSession& operator=(const SshSession&) = delete;

    // Sends no password before the server's key was held against the pinned one, where there is one. fetch.other_key,
    // fetch.address_refused, fetch.unreachable, fetch.login_refused, fetch.bad_private_key
    Result<> connect(const Ask& ask);
    const std::string& host_key() const { return host_key_; } // SHA256:…, "" before it was seen
    ssh_session get() const { return session_; }

  private:
    Result<> greet(const Ask& ask);
    Result<> check_host_key(const Ask& ask);
    Result<> sign_in(const Ask& ask);
    Result<> sign_in_with_key(const Ask& ask);
    int answer_questions(const std::string& password);

    ssh_session session_ = nullptr;
    std::string host_key_;
};

} // namespace onefold::fetch
