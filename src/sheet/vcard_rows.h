#pragma once
// Contacts of phones and mail programs (vCard 2.1, 3.0, 4.0: RFC 6350) as rows.
#include "sheet/chunk_source.h"
#include "sheet/row.h"

namespace onefold::sheet {

// The first row names the columns: name, last_name, first_name, phone, phone 2, phone 3, email, email 2, company,
// department, title, country, province, city, address, postal_code, website, birthday, note.
//   sheet.bad_vcard (a card that does not end), import.record_too_large
std::unique_ptr<RowSource> vcard_rows(std::unique_ptr<ChunkSource> source);

} // namespace onefold::sheet
