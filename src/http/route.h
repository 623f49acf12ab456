#pragma once
// Operations and the way to them. Private to this room.
#include "http/contract.h"
#include "http/shape.h"

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onefold::http {

struct Operation {
    explicit Operation(Spec given) : spec(std::move(given)) {}

    Spec spec;
    // As given; the views of `spec` point into these.
    std::string path, name, verb;
    std::vector<std::string> path_names;

    Binding binding;                          // typed operations
    const Member* if_match = nullptr;         // of the request
    std::vector<const Member*> path_members;  // in the order of path_names
    std::vector<const Member*> input_members; // from the query or the body

    Contract::RawHandler raw; // or these
    boost::json::object request_schema, response_schema;
    Contract::StreamHandler stream;
    Contract::TurnAway turn_away;

    mutable std::array<std::atomic<std::uint64_t>, 6> answers_by_class{};
    mutable std::atomic<std::uint64_t> microseconds{0};

    bool takes_body() const;
    bool has_body_members() const { return takes_body() && !input_members.empty(); }
};

std::string_view name_of(Method method); // "GET"

// Paths by segments; a literal segment goes before a {name}.
class Routes {
  public:
    void add(Operation& operation, std::string_view path);

    struct Found {
        const Operation* operation = nullptr; // none: 404, or 405 where `allowed` names others
        std::string allowed;
        std::vector<std::string_view> values; // of the path's names, in order
    };
    Found find(Method method, std::string_view path) const;

  private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> any;
        std::array<Operation*, 5> by_method{};
        bool is_path() const;
    };
    static const Node* walk(const Node& node, std::string_view rest, std::vector<std::string_view>& values);

    Node root_;
};

// The typed input of one request, or all that is wrong with it.
Result<std::shared_ptr<void>> read_input(const Operation& operation, const Incoming& incoming);
// For operations that describe no parameters.
Result<> check_no_query(const Incoming& incoming);

} // namespace onefold::http
