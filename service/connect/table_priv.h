/* One row a platform. */
#ifndef LINLI_CONNECT_TABLE_PRIV_H
#define LINLI_CONNECT_TABLE_PRIV_H

#include "codec/json.h"
#include "connect/connect.h"

extern const struct connector connector_generic;

#endif
