/* Log lines on stderr: `<n>` priority prefixes for the journal, or JSON lines. Thread-safe.
   Never log message texts, contacts or secrets. */
#ifndef LINLI_BASE_LOG_H
#define LINLI_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

void log_setup(enum log_level most, bool json);                  /* at start and on reload */
bool log_level_parse(const char *name, enum log_level *level_r); /* error warn info debug */
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
