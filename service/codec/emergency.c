/* The tables of topics, surges and the roll call. */
#include "table_priv.h"

CODES(category, category, category_code, category_parse)
CODES(notice_state, notice_state, notice_state_code, notice_state_parse)
CODES(visit_state, visit_state, visit_state_code, visit_state_parse)

const struct field topic_fields[] = {F(topic, ID, community),
                                     F(topic, ID, id),
                                     F(topic, DOUBLE, rate),
                                     F(topic, I64, as_of_ms),
                                     F(topic, I64, last_ms),
                                     {"voices", FIELD_VOICES, 0, NULL, NULL, false},
                                     END};
const struct field surge_fields[] = {F(surge, ID, id),
                                     F(surge, I64, version),
                                     F(surge, ID, community),
                                     F(surge, ID, topic),
                                     F(surge, ID, area),
                                     F(surge, ID, grid),
                                     E(surge, category, category),
                                     F(surge, BOOL, fault),
                                     F(surge, STRS, places),
                                     F(surge, STRS, groups),
                                     F(surge, INT, messages),
                                     F(surge, INT, people),
                                     F(surge, DOUBLE, usual),
                                     F(surge, BOOL, emergency),
                                     F(surge, I64, since_ms),
                                     F(surge, I64, opened_ms),
                                     F(surge, I64, last_ms),
                                     F(surge, I64, ended_ms),
                                     E(surge, notice, notice_state),
                                     F(surge, TEXT, text),
                                     F(surge, TEXT, decided_by),
                                     F(surge, TEXT, reject_reason),
                                     F(surge, I64, decided_ms),
                                     F(surge, STRS, outbound),
                                     END};
const struct field visit_fields[] = {F(visit, ID, id),
                                     F(visit, I64, version),
                                     E(visit, state, visit_state),
                                     F(visit, ID, community),
                                     F(visit, ID, grid),
                                     F(visit, ID, party),
                                     F(visit, ID, officer),
                                     F(visit, INT, round),
                                     F(visit, I64, asked_ms),
                                     F(visit, I64, decided_ms),
                                     F(visit, TEXT, decided_by),
                                     F(visit, TEXT, note),
                                     F(visit, INT, reminded),
                                     END};
