#pragma once
// The customers that a row speaks of: their identifiers and what it says of them. Pure but for the keys of its digests.
#include "access/keys.h"
#include "customer/message.h"
#include "identity/identity.h"
#include "import/map.h"
#include "sheet/row.h"
#include "source/source.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace onefold::import {

using sheet::Row;
using sheet::RowError;

// A row that names an organisation and nobody of it is about the organisation.
struct RowSubject {
    identity::NodeKind kind = identity::NodeKind::person;
    std::string key; // "" for nobody
    std::vector<identity::IdentifierValue> identifiers;
    std::vector<std::pair<std::string, std::string>> facts;              // field code → value; blank cells are left out
    std::optional<customer::ImportedMessage::Organisation> organisation; // of which the person is a member
};
struct ReadSubject {
    RowSubject subject;
    std::vector<RowError> warnings; // what could not be read
};

ReadSubject read_subject(const Row& row, const Map& map, const source::Source& source, const access::Keys& keys);

// Why a row is about nobody: by the first of its identifiers that could not be read.
RowError about_nobody(std::uint64_t line, const std::vector<RowError>& warnings);

std::string_view cell(const Row& row, const Column& column); // trimmed

// Notices that one shared identifier (an e-mail address, a phone number) comes with different names; says so once for
// each.
class NameWatch {
  public:
    explicit NameWatch(const access::Keys& keys) : keys_(keys) {}
    std::optional<RowError> look(const RowSubject& subject, std::uint64_t line);

  private:
    struct Seen {
        std::string name_digest;
        std::uint64_t line;
        bool is_told = false;
    };
    const access::Keys& keys_;
    std::unordered_map<std::string, Seen> seen_; // by digest of the identifier
};

} // namespace onefold::import
