// What a function of ours throws fails the statement that called it, and nothing else.
#include "store/duckdb/guarded.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "store/database.h"

namespace vigie::store {
namespace {

void find_no_memory(duckdb_function_info /*info*/, duckdb_data_chunk /*input*/, duckdb_vector /*output*/) {
  throw std::bad_alloc();
}

void find_a_mistake(duckdb_function_info /*info*/, duckdb_data_chunk /*input*/, duckdb_vector /*output*/) {
  throw std::out_of_range("row 7 of 3");
}

void add(Connection& connection, const char* name, duckdb_scalar_function_t body) {
  duckdb_scalar_function function = duckdb_create_scalar_function();
  duckdb_logical_type integer = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
  duckdb_scalar_function_set_name(function, name);
  duckdb_scalar_function_add_parameter(function, integer);
  duckdb_scalar_function_set_return_type(function, integer);
  duckdb_scalar_function_set_function(function, body);
  EXPECT_EQ(duckdb_register_scalar_function(static_cast<duckdb_connection>(connection.native()), function),
            DuckDBSuccess);
  duckdb_destroy_logical_type(&integer);
  duckdb_destroy_scalar_function(&function);
}

TEST(Guarded, WhatAFunctionThrowsFailsItsStatementAlone) {
  const auto database = Database::open({});
  ASSERT_TRUE(database) << database.error().text();
  auto connection = (*database)->connect();
  ASSERT_TRUE(connection);
  add(*connection, "no_memory", guarded<find_no_memory>);
  add(*connection, "mistake", guarded<find_a_mistake>);
  const auto memory = connection->query("SELECT no_memory(range) FROM range(10)");
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.error().code, "engine.out_of_memory");
  EXPECT_EQ(memory.error().kind, ErrorKind::unavailable);
  const auto mistake = connection->query("SELECT mistake(range) FROM range(10)");
  ASSERT_FALSE(mistake);
  EXPECT_NE(mistake.error().message.find("row 7 of 3"), std::string::npos) << mistake.error().text();
  const auto after = connection->query("SELECT 1");
  ASSERT_TRUE(after) << after.error().text();
  EXPECT_EQ(after->int64(0, 0), 1);
}

}  // namespace
}  // namespace vigie::store
