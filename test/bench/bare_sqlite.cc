// For `make bench`: milliseconds that bare SQLite takes for one statement over the file of a stopped server, one line a
// round.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>

int main(int count, char** words) {
    if (count != 4)
        return 2;
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_open_v2(words[1], &database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(database, words[2], -1, &statement, nullptr) != SQLITE_OK) {
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(database));
        return 1;
    }
    for (int round = std::atoi(words[3]); round > 0; --round) {
        const auto begun = std::chrono::steady_clock::now();
        while (sqlite3_step(statement) == SQLITE_ROW)
            for (int column = 0; column < sqlite3_data_count(statement); ++column)
                sqlite3_column_bytes(statement, column);
        sqlite3_reset(statement);
        const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begun;
        std::printf("%.3f\n", taken.count());
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
}
