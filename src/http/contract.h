#pragma once
// The one contract: each operation is described once, and from that come routing, input checking, OpenAPI and the web's
// types.
//
// A request struct (Boost.Describe) lists its members; a member whose name stands in the path as {name} is read from
// there, a member `if_match` from the header If-Match (required: without it 428), the rest from the query string (GET,
// DELETE) or the JSON body (POST, PUT, PATCH). Members may be std::string, bool, std::int64_t, Id<…> (a string in
// JSON), Decimal (a string), Instant (RFC 3339), LocalText (an object locale → text), described enums (their names),
// boost::json::value and ::object (anything), std::optional, std::vector, std::map<std::string, …> and described
// structs. An std::optional member may be left out or null; every other is required. Unknown members and wrong types
// are refused with one FieldError each (code http.unknown_field, http.wrong_type, http.missing, …). A response struct
// with a member `version` is answered with an ETag. A name that C++ keeps for itself is described with an underscore
// behind it, which the outside does not see. Query parameters: vectors of plain values repeat, what is not plain is
// given as JSON. `static http::Rules rules()` in a struct (shape.h) sets limits for its members.
#include "core/caller.h"
#include "core/decimal.h"
#include "core/id.h"
#include "core/result.h"
#include "core/time.h"
#include "http/permission.h"
#include "runtime/runtime.h"

#include <array>
#include <atomic>
#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onefold::http {

enum class Method { get, post, put, patch, delete_ };

// The verb under which the audit log keeps an operation: audited{"user.create"} or not_audited.
struct AuditVerb {
    std::string_view verb;
    AuditVerb() = delete;
    explicit constexpr AuditVerb(std::string_view verb) : verb(verb) {}
};
using audited = AuditVerb;
inline constexpr AuditVerb not_audited{""};

// Where the handler runs: on the worker pool, or at once between two reads of the network (only for what never waits).
enum class Run { worker, at_once };
// A create answers 201. It takes an Idempotency-Key, and so does every PATCH, except of callers whom nobody knows:
// their keys would be one another's.
enum class Creates { nothing, something };

// Whose pages may call an operation. Where it is not our own only, the server answers OPTIONS, and every answer,
// refusals too, says that the page may read it (Fetch, CORS). Such an operation must not look at cookies;
// `any_with_cookies` is for senders that insist on sending them.
enum class Origins { own, any, any_with_cookies };
// Whether unknown query parameters are refused, or all are left to a raw handler.
enum class Parameters { described, any };

struct Spec {
    Method method;
    std::string_view path; // "/api/v1/customers/{id}"
    std::string_view name; // operation id, `noun.verb`: "customer.get"
    Permission permission;
    AuditVerb audit;
    LocalText summary;
    Creates creates = Creates::nothing; // answers 201
    Run run = Run::worker;
    std::size_t body_bytes_max = 1 << 20;
    Origins origins = Origins::own;
    Parameters parameters = Parameters::described;
};
inline bool takes_idempotency_key(const Spec& spec) {
    const bool may_repeat = spec.creates == Creates::something || spec.method == Method::patch;
    return may_repeat && spec.permission.least != Role::none;
}

// A parsed request, valid during the call that it is given to.
struct Incoming {
    Method method = Method::get;
    std::string path;                                             // decoded
    std::string query;                                            // as it came, without '?'
    std::vector<std::pair<std::string, std::string>> headers;     // names in lower case
    std::string body;                                             // inflated
    std::string address;                                          // of the peer
    bool is_local = false;                                        // came through the unix socket of the data folder
    bool is_encrypted = false;                                    // came over TLS
    std::vector<std::pair<std::string, std::string>> path_values; // {name} → value, decoded

    std::string_view header(std::string_view lower_case_name) const; // "" if absent
    std::string_view cookie(std::string_view name) const;
    std::optional<std::string> query_value(std::string_view name) const; // decoded
};

// Bytes of a file that are sent instead of a body, read piece by piece while they are.
struct FilePart {
    std::shared_ptr<const runtime::File> file;
    std::uint64_t offset = 0, size = 0;
};
struct Outgoing {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::optional<FilePart> file = {};
};
using Respond = std::function<void(Outgoing)>; // called once, from any thread

// What a handler may add to its answer.
struct Answer {
    std::vector<std::pair<std::string, std::string>> headers;
    const Incoming* incoming = nullptr;
    bool is_preview = false; // nothing was changed, so nothing is audited
};

// A live stream of server-sent events. Thread-safe; `send` after the end is ignored.
class EventStream {
  public:
    virtual ~EventStream() = default;
    virtual void send(std::string_view event, std::string_view data) = 0;
    virtual bool is_closed() const = 0;
};

Outgoing outgoing_of(const Error& error, const Locale& locale, std::string_view request_id);
Outgoing json_answer(int status, const boost::json::value& body);
std::string new_request_id(); // 16 base64url characters

// ---- plugs: what rooms above give to the contract ----

class Gatekeeper {
  public:
    virtual ~Gatekeeper() = default;
    // Who speaks (session cookie, bearer token, local socket) and in which language; anonymous where nobody is named. A
    // bad token is access.bad_token (401). Unsafe methods of a session must come from our own origin:
    // access.foreign_origin (403).
    virtual Result<Caller> identify(const Incoming& incoming) = 0;
    virtual Result<> allow(const Caller& caller, const Permission& permission) = 0;
    // A refusal or an audited operation, for the audit log. `target` is the id in the path or answer, or empty.
    virtual void record(const Caller& caller, std::string_view verb, std::string_view target, int status) = 0;
};

// Onefold-Position: of an answer to a write, what has been accepted; of one to a read, what it reflects at least.
class Positions {
  public:
    virtual ~Positions() = default;
    virtual std::string accepted() = 0;
    virtual std::string visible() = 0; // what reads that begin now reflect
    // At most 5 s, then unavailable; http.bad_position for what is none of ours.
    virtual Result<> wait_until_visible(std::string_view position) = 0;
};

// Answers to creates by Idempotency-Key (30 days).
class Replays {
  public:
    virtual ~Replays() = default;
    struct Known {
        bool is_finished;
        std::string body_digest;
        Outgoing answer;
    };
    // Claims the key for this caller and operation; the known one if it was claimed before.
    virtual Result<std::optional<Known>> begin(
        const Caller&, std::string_view operation, std::string_view key, std::string_view body_digest) = 0;
    virtual Result<> finish(
        const Caller&, std::string_view operation, std::string_view key, const Outgoing& answer) = 0;
    virtual Result<> abandon(const Caller&, std::string_view operation, std::string_view key) = 0; // the create failed
};

struct Plugs {
    Gatekeeper& gatekeeper;
    Positions& positions;
    Replays& replays;
};

// ---- the contract ----

// JSON Schema (as OpenAPI 3.1 has it) of a described type, and reading and writing it. Instantiated in `bind.h`.
template <class T>
struct Shape;

struct Operation; // spec, schemas, handler; in route.h
class Routes;
struct Type; // in shape.h

// A response in JSON, and what the headers take from it.
struct Written {
    std::string body;
    std::string version; // of a member `version`
    std::string id;      // of a member `id`
};
Written written(const Type& type, const void* response);

// What `add` makes of a request, a response and a handler.
struct Binding {
    const Type& (*request)() = nullptr;
    const Type& (*response)() = nullptr; // none for void
    std::shared_ptr<void> (*make_request)() = nullptr;
    std::function<Result<Written>(const Caller&, const void* request, Answer&)> handle;
};

// How often an operation was answered, by the first digit of the status.
struct OperationCount {
    std::string_view operation;
    std::array<std::uint64_t, 6> answers_by_class{};
    std::uint64_t microseconds = 0; // in all, from dispatch to answer
};

class Contract {
  public:
    Contract();
    ~Contract();

    // `handler` is any callable (const Caller&, const Request&) or (const Caller&, const Request&, Answer&) →
    // Result<Response>; Response void answers 204. Include http/bind.h where you call this.
    template <class Request, class Response, class Handler>
    void add(Spec spec, Handler handler);

    // For bodies of foreign shapes (tracking): the handler reads headers and body itself; a query is refused.
    // Idempotency-Key is not looked at; Onefold-Position is added where it succeeds and is not there yet. The schemas
    // go into OpenAPI. The handler may answer later, from any thread; where it drops `respond` unused the server
    // answers 500. Of `by_write_key` operations nobody is identified: the caller is anonymous.
    using RawHandler = std::function<void(const Caller&, const Incoming&, Respond)>;
    void add_raw(
        Spec spec, boost::json::object request_schema, boost::json::object response_schema, RawHandler handler);

    // What is answered where too much is asked at once for this operation to run, instead of http.overloaded. Called
    // from the thread that reads the network, before the body is inflated: it must not wait.
    using TurnAway = std::function<Outgoing(const Incoming&)>;
    void set_turn_away(std::string_view operation, TurnAway answer);

    // A further path of an operation that was added, with the same {names}. OpenAPI tells the first only.
    void add_path(std::string_view operation, std::string_view path);

    // Server-sent events: the handler keeps the stream and sends when it likes.
    using StreamHandler = std::function<Result<>(const Caller&, const Incoming&, std::shared_ptr<EventStream>)>;
    void add_stream(Spec spec, StreamHandler handler);

    // Must be called before the first dispatch.
    void connect(Plugs plugs);

    // The whole way of one request behind the parser: route, identify, allow, wait, check, handle, answer. Serves the
    // server and commands that run without one. `respond` may be called before dispatch returns.
    void dispatch(Incoming incoming, Respond respond);
    // The answer to a request for which there is no time.
    Outgoing turn_away(const Incoming& incoming) const;
    // The limits that the server needs before it reads a body: nullopt where no operation matches path and method (404
    // or 405).
    std::optional<std::size_t> body_bytes_max(Method method, std::string_view path) const;
    Run run_of(Method method, std::string_view path) const;
    // Whether an operation takes what senders send, with a write key.
    bool is_for_senders(Method method, std::string_view path) const;
    const StreamHandler* stream_of(Method method, std::string_view path) const;
    // Whose pages may call this path, by whatever method.
    Origins origins_of(std::string_view path) const;
    // The methods of a path, as the header Allow lists them; empty where there is no such path.
    std::string allowed_methods(std::string_view path) const;
    // Identify, allow and hand the stream to its handler; an answer where that is refused.
    std::optional<Outgoing> open_stream(Incoming incoming, std::shared_ptr<EventStream> stream);

    std::vector<OperationCount> counts() const;
    std::int64_t in_flight() const { return in_flight_; }

    // OpenAPI 3.1. Served at /api/openapi.json, which every contract has.
    boost::json::object openapi() const;

  private:
    void add_typed(Spec spec, Binding binding);
    void add_operation(std::unique_ptr<Operation> operation);
    const Operation* route(Method method, std::string_view path) const;
    Operation& named(std::string_view operation);

    std::vector<std::unique_ptr<Operation>> operations_;
    std::unique_ptr<Routes> routes_;
    std::optional<Plugs> plugs_;
    std::atomic<std::int64_t> in_flight_{0};
    std::once_flag openapi_once_;
    std::string openapi_text_;
};

} // namespace onefold::http
