#include "store/columns_functions.h"

#include <exception>

namespace onefold::store {
namespace {

struct Input {
    const duckdb_string_t* texts;
    std::uint64_t* validity;
};

std::vector<Input> inputs_of(duckdb_data_chunk chunk) {
    std::vector<Input> inputs;
    for (idx_t i = 0; i < duckdb_data_chunk_get_column_count(chunk); ++i) {
        const duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        inputs.push_back(
            {static_cast<const duckdb_string_t*>(duckdb_vector_get_data(vector)), duckdb_vector_get_validity(vector)});
    }
    return inputs;
}

Function::Argument argument_of(const Input& input, idx_t row) {
    if (input.validity && !duckdb_validity_row_is_valid(input.validity, row))
        return std::nullopt;
    auto* text = const_cast<duckdb_string_t*>(&input.texts[row]); // a short one lies in it
    return std::string_view(duckdb_string_t_data(text), duckdb_string_t_length(*text));
}

void call_all(const Function& function, duckdb_data_chunk chunk, duckdb_vector output) {
    const auto inputs = inputs_of(chunk);
    std::vector<Function::Argument> arguments(inputs.size());
    duckdb_vector_ensure_validity_writable(output);
    std::uint64_t* validity = duckdb_vector_get_validity(output);
    const idx_t rows = duckdb_data_chunk_get_size(chunk);
    for (idx_t row = 0; row < rows; ++row) {
        for (std::size_t i = 0; i < inputs.size(); ++i)
            arguments[i] = argument_of(inputs[i], row);
        const auto result = function.body(arguments);
        duckdb_validity_set_row_validity(validity, row, result.has_value());
        if (result)
            duckdb_vector_assign_string_element_len(output, row, result->data(), result->size());
    }
}

void call(duckdb_function_info about, duckdb_data_chunk chunk, duckdb_vector output) {
    try {
        call_all(*static_cast<const Function*>(duckdb_scalar_function_get_extra_info(about)), chunk, output);
    } catch (const std::exception& error) {
        duckdb_scalar_function_set_error(about, error.what());
    }
}

bool add(duckdb_connection connection, const Function& function) {
    duckdb_scalar_function made = duckdb_create_scalar_function();
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_scalar_function_set_name(made, function.name.c_str());
    duckdb_scalar_function_set_varargs(made, text);
    duckdb_scalar_function_set_return_type(made, text);
    duckdb_scalar_function_set_special_handling(made); // it sees NULL
    duckdb_scalar_function_set_extra_info(
        made, new Function(function), [](void* data) { delete static_cast<Function*>(data); });
    duckdb_scalar_function_set_function(made, call);
    const bool is_added = duckdb_register_scalar_function(connection, made) == DuckDBSuccess;
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_scalar_function(&made);
    return is_added;
}

} // namespace

bool add_functions(duckdb_connection connection, const Functions& functions) {
    for (const Function& function : functions)
        if (!add(connection, function))
            return false;
    return true;
}

} // namespace onefold::store
