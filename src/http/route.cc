#include "http/route.h"

namespace onefold::http {

std::string_view name_of(Method method) {
    switch (method) {
    case Method::get:
        return "GET";
    case Method::post:
        return "POST";
    case Method::put:
        return "PUT";
    case Method::patch:
        return "PATCH";
    case Method::delete_:
        return "DELETE";
    }
    return "GET";
}

bool Operation::takes_body() const {
    return spec.method != Method::get && spec.method != Method::delete_;
}

bool Routes::Node::is_path() const {
    for (const auto* operation : by_method)
        if (operation)
            return true;
    return false;
}

void Routes::add(Operation& operation, std::string_view path) {
    VERIFY(path.starts_with('/'));
    Node* node = &root_;
    std::string_view rest = path.substr(1);
    std::vector<std::string> names;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('/'), rest.size());
        const auto segment = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        VERIFY(!segment.empty());
        auto& next = segment.front() == '{' ? node->any : node->literals[std::string(segment)];
        if (segment.front() == '{')
            names.emplace_back(segment.substr(1, segment.size() - 2));
        if (!next)
            next = std::make_unique<Node>();
        node = next.get();
    }
    if (path == operation.path)
        operation.path_names = std::move(names);
    else
        VERIFY(names == operation.path_names);
    auto& place = node->by_method[std::size_t(operation.spec.method)];
    VERIFY(place == nullptr);
    place = &operation;
}

const Routes::Node* Routes::walk(const Node& node, std::string_view rest, std::vector<std::string_view>& values) {
    if (rest.empty())
        return node.is_path() ? &node : nullptr;
    rest.remove_prefix(1); // the slash
    const auto end = std::min(rest.find('/'), rest.size());
    const auto segment = rest.substr(0, end);
    if (segment.empty())
        return nullptr;
    if (const auto literal = node.literals.find(segment); literal != node.literals.end())
        if (const auto* found = walk(*literal->second, rest.substr(end), values))
            return found;
    if (!node.any)
        return nullptr;
    values.push_back(segment);
    if (const auto* found = walk(*node.any, rest.substr(end), values))
        return found;
    values.pop_back();
    return nullptr;
}

Routes::Found Routes::find(Method method, std::string_view path) const {
    Found found;
    if (!path.starts_with('/'))
        return found;
    const auto* node = walk(root_, path == "/" ? std::string_view{} : path, found.values);
    if (!node)
        return found;
    found.operation = node->by_method[std::size_t(method)];
    if (found.operation)
        return found;
    for (const auto* operation : node->by_method) {
        if (!operation)
            continue;
        if (!found.allowed.empty())
            found.allowed += ", ";
        found.allowed += name_of(operation->spec.method);
        if (operation->spec.method == Method::get)
            found.allowed += ", HEAD";
    }
    return found;
}

} // namespace onefold::http
