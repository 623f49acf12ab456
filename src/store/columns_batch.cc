#include "store/columns_batch.h"

namespace onefold::store {

void ColumnsBatch::clear() {
    for (auto& column : columns_)
        column.clear();
    texts_.clear();
    rows_ = 0;
}

} // namespace onefold::store
