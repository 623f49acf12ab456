#include "customer/names.h"

#include "company/company.h"

namespace onefold::customer {

Result<std::map<std::string, std::string>> names_of(store::Session& session, const std::set<std::string>& principals) {
    constexpr std::string_view user_prefix = "user:";
    std::map<std::string, std::string> names;
    for (const std::string& principal : principals) {
        if (!principal.starts_with(user_prefix))
            continue;
        const auto user =
            company::get_user(session, UserId{parse_id(principal.substr(user_prefix.size())).value_or(0)});
        if (user)
            names[principal] = user->name.empty() ? user->email : user->name;
    }
    return names;
}

} // namespace onefold::customer
