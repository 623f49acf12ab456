#include "identity/phone_ends.h"

namespace onefold::identity {
namespace {

constexpr std::size_t end_digits = 4;

} // namespace

Result<std::vector<std::vector<std::string>>> list_phone_ends(
    store::Session& session, const access::Keys& keys, const std::vector<CustomerId>& customers) {
    std::vector<std::vector<std::string>> ends(customers.size());
    std::vector<store::Values> rows;
    for (const CustomerId customer : customers)
        rows.push_back({customer.value});
    TRY(session.each_many( // CROSS JOIN: from the customer, never from all phones
        "SELECT i.sealed_value FROM node n CROSS JOIN claim c CROSS JOIN identifier i WHERE c.node_id = n.id AND "
        "i.id = c.identifier_id AND n.customer_id = $1 AND i.type = 'phone' AND i.state <> 'blocked'",
        rows, [&](std::size_t index, const store::Row& row) -> Result<> {
            const std::string number = TRY(keys.open_sealed("identifier", "phone", row.blob(0)));
            if (number.size() > end_digits)
                ends[index].push_back(number.substr(number.size() - end_digits));
            return {};
        }));
    return ends;
}

} // namespace onefold::identity
