#include "customer/glance.h"

namespace onefold::customer {

Result<std::map<CustomerId, Glance>> glances_of(store::Session& session, const std::vector<CustomerId>& customers) {
    std::vector<store::Values> keys;
    for (const CustomerId customer : customers)
        keys.push_back({customer.value});
    std::map<CustomerId, Glance> glances;
    TRY(session.each_many("SELECT id, kind, name, version FROM customer WHERE id = $1 AND state = 'active'", keys,
        [&](std::size_t, const store::Row& row) -> Result<> {
            const CustomerId id{row.integer(0)};
            glances[id] = {id, std::string(row.text(1)), std::string(row.text(2)), row.integer(3)};
            return {};
        }));
    return glances;
}

} // namespace onefold::customer
