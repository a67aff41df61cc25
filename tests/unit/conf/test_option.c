#include "conf_folder.h"

enum { STR_ROW, INT_ROW, BOOL_ROW };

static const struct option {
    const char *name, *otherwise;
    int type;
    long long least, most;
} options[] = {
#define DEFAULT_STR(v) v
#define DEFAULT_INT(v) #v
#define DEFAULT_BOOL(v) (v ? "true" : "false")
#define X(type, name, otherwise, least, most, help)                                                \
    {#name, DEFAULT_##type(otherwise), type##_ROW, least, most},
    CONF_TABLE(X)
#undef X
};
#define OPTIONS ((int)(sizeof options / sizeof *options))

#define SHOW_STR(v) snprintf(out, 128, "%s", v)
#define SHOW_INT(v) snprintf(out, 128, "%lld", (long long)(v))
#define SHOW_BOOL(v) snprintf(out, 128, "%s", (v) ? "true" : "false")

static void show(const struct conf *c, const char *name, char out[128])
{
    out[0] = 0;
#define X(type, option, otherwise, least, most, help)                                              \
    if (!strcmp(name, #option))                                                                    \
        SHOW_##type(c->option);
    CONF_TABLE(X)
#undef X
}

/* Values that are allowed, for those options that do not take any text. */
static const char *word(const struct option *o, int source)
{
    static const struct {
        const char *name, *values[3];
    } rows[] = {{"redis", {"unix:/run/a", "127.0.0.1:6379", "[::1]:6380"}},
                {"durability", {"everysec", "replicas:2", "replicas:16"}},
                {"listen", {"127.0.0.1:1", "0.0.0.0:2", "[::]:3"}},
                {"operators_listen", {"127.0.0.1:4", "", "localhost:0"}},
                {"adviser_url", {"https://a/v1", "", "https://[::1]:8/v1/chat"}},
                {"working_hours", {"mon 09:00-17:00", "sat 09:00-12:00", "mon-sun 00:00-24:00"}},
                {"quiet_hours", {"23:00-06:00", "", "12:00-14:00"}},
                {"language", {"en", "zh", "en"}},
                {"log_level", {"debug", "warn", "error"}}};
    static const char *const any[] = {"/from/the/file", "/from/the/environment", "/from/a/flag"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].name, o->name))
            return rows[i].values[source];
    return any[source];
}

/* What each source says of that option: neighbours in the ranking always differ. */
static void value(const struct option *o, int source, char out[128])
{
    const bool on = !strcmp(o->otherwise, "true");
    const long long numbers[] = {o->least, o->most, o->least + 1};
    if (o->type == STR_ROW)
        snprintf(out, 128, "%s", word(o, source));
    else if (o->type == INT_ROW)
        snprintf(out, 128, "%lld", numbers[source]);
    else
        snprintf(out, 128, "%s", (source % 2 == 0) != on ? "true" : "false");
}

static void expect(const struct conf_source *src, const struct option *o, const char *want)
{
    struct conf *c;
    struct errbuf eb;
    char got[128];
    if (conf_load(src, &c, &eb))
        fail_msg("%s: %s", o->name, eb.text);
    show(c, o->name, got);
    if (strcmp(got, want) != 0)
        fail_msg("%s: %s instead of %s", o->name, got, want);
    conf_free(&c);
    assert_null(c);
}

static void without_any_source_each_option_has_its_default(void **state)
{
    const struct conf_source none = {.file = NULL};
    (void)state;
    for (int i = 0; i < OPTIONS; i++)
        expect(&none, &options[i], options[i].otherwise);
}

static void a_flag_beats_the_environment_and_that_the_file(void **state)
{
    char from_file[128], from_env[128], from_flag[128], text[320], set[320], name[64];
    const char *const sets[] = {"adviser_model=m", set}; /* without it there is no adviser_url */
    (void)state;
    for (int i = 0; i < OPTIONS; i++) {
        const struct option *o = &options[i];
        const int more = strcmp(o->name, "adviser_model") != 0;
        struct conf_source src = {.file = file, .sets = sets + !more, .n_sets = more};
        value(o, 0, from_file);
        value(o, 1, from_env);
        value(o, 2, from_flag);
        snprintf(text, sizeof text, o->type == STR_ROW ? "%s = \"%s\"\n" : "%s = %s\n", o->name,
                 from_file);
        snprintf(set, sizeof set, "%s=%s", o->name, from_flag);
        put_file("linli.conf", text);
        env_name(o->name, name);
        setenv(name, from_env, 1);
        expect(&src, o, from_file); /* nobody asked for the environment */
        src.environment = true;
        expect(&src, o, from_env);
        src.n_sets = more + 1;
        expect(&src, o, from_flag);
        src.file = NULL;
        src.n_sets = more;
        expect(&src, o, from_env);
        unsetenv(name);
        expect(&src, o, o->otherwise);
    }
}

static void the_last_of_several_flags_counts(void **state)
{
    const char *const sets[] = {"threads=2", "lanes=3", "threads=5", "redis=unix:/a=b"};
    const struct conf_source src = {.sets = sets, .n_sets = 4};
    struct conf *c;
    struct errbuf eb;
    (void)state;
    assert_int_equal(conf_load(&src, &c, &eb), ERR_OK);
    assert_int_equal(c->threads, 5);
    assert_int_equal(c->lanes, 3);
    assert_string_equal(c->redis, "unix:/a=b");
    conf_free(&c);
    conf_free(&c);
}

static void numbers_keep_to_their_range_from_every_source(void **state)
{
    char text[128], set[128], name[64], number[32];
    const char *const sets[] = {set};
    (void)state;
    for (int i = 0; i < 2 * OPTIONS; i++) {
        const struct option *o = &options[i / 2];
        if (o->type != INT_ROW)
            continue;
        struct conf *c;
        struct errbuf eb;
        struct conf_source src = {.environment = true};
        snprintf(number, sizeof number, "%lld", i % 2 ? o->most + 1 : o->least - 1);
        env_name(o->name, name);
        setenv(name, number, 1);
        assert_int_equal(conf_load(&src, &c, &eb), ERR_BAD_FIELD);
        assert_ptr_equal(strstr(eb.text, name), eb.text); /* it names the variable */
        unsetenv(name);
        snprintf(set, sizeof set, "%s=%s", o->name, number);
        src = (struct conf_source){.sets = sets, .n_sets = 1};
        assert_int_equal(conf_load(&src, &c, &eb), ERR_BAD_FIELD);
        assert_ptr_equal(strstr(eb.text, "--set: "), eb.text);
        assert_non_null(strstr(eb.text, o->name));
        snprintf(text, sizeof text, "# a line\n%s = %s\n", o->name, number);
        assert_null(load_file(text, &eb));
        snprintf(text, sizeof text, "%s:2: %s must be from %lld to %lld", file, o->name, o->least,
                 o->most);
        assert_string_equal(eb.text, text);
    }
}

static void what_is_wrong_outside_the_file_is_named(void **state)
{
    static const struct {
        const char *variable, *value, *set, *fault;
    } rows[] = {
        {"LINLI_THREADS", "many", NULL,
         "LINLI_THREADS: threads wants a whole number, not \"many\""},
        {"LINLI_THREADS", "", NULL, "LINLI_THREADS: threads wants a whole number, not \"\""},
        {"LINLI_LOG_JSON", "maybe", NULL,
         "LINLI_LOG_JSON: log_json wants true or false, not \"maybe\""},
        {"LINLI_LANGUAGE", "fr", NULL, "LINLI_LANGUAGE: language: \"fr\" is not zh or en"},
        {NULL, NULL, "threads=2x", "--set: threads wants a whole number, not \"2x\""},
        {NULL, NULL, "threads=99999999999999999999",
         "--set: threads wants a whole number, not \"99999999999999999999\""},
        {NULL, NULL, "thread=2", "--set: no such option \"thread\""},
        {NULL, NULL, "=2", "--set: no such option \"\""},
        {NULL, NULL, "redis", "--set: redis=… wants a value"},
        {NULL, NULL, "durability=sometimes",
         "--set: durability: \"sometimes\" is not always, everysec or replicas:N"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const sets[] = {rows[i].set};
        const struct conf_source src = {
            .sets = sets, .n_sets = rows[i].set != NULL, .environment = true};
        struct conf *c;
        struct errbuf eb = {.text = ""};
        if (rows[i].variable)
            setenv(rows[i].variable, rows[i].value, 1);
        assert_int_equal(conf_load(&src, &c, &eb), ERR_BAD_FIELD);
        assert_null(c);
        assert_string_equal(eb.text, rows[i].fault);
        if (rows[i].variable)
            unsetenv(rows[i].variable);
    }
}

static void switches_take_the_usual_words(void **state)
{
    static const struct {
        const char *word;
        bool on;
    } rows[] = {{"true", true},   {"Yes", true}, {"1", true},  {"ON", true},
                {"false", false}, {"no", false}, {"0", false}, {"off", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char set[32];
        const char *const sets[] = {rows[i].on ? "log_json=no" : "log_json=yes", set};
        const struct conf_source src = {.sets = sets, .n_sets = 2};
        struct conf *c;
        snprintf(set, sizeof set, "log_json=%s", rows[i].word);
        assert_int_equal(conf_load(&src, &c, NULL), ERR_OK);
        assert_int_equal(c->log_json, rows[i].on);
        conf_free(&c);
    }
}

static void an_address_is_a_host_and_a_port(void **state)
{
    static const struct {
        const char *text, *host;
        int port;
    } rows[] = {{"127.0.0.1:7080", "127.0.0.1", 7080},
                {"[::]:80", "::", 80},
                {"localhost:0", "localhost", 0},
                {"[2001:db8::1]:65535", "2001:db8::1", 65535},
                {"127.0.0.1", NULL, 0},
                {"127.0.0.1:", NULL, 0},
                {":80", NULL, 0},
                {"[]:80", NULL, 0},
                {"a:65536", NULL, 0},
                {"a:-1", NULL, 0},
                {"a:8o", NULL, 0},
                {"", NULL, 0},
                {"a-name-that-is-longer-than-fits:80", NULL, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char host[20];
        int port;
        assert_int_equal(conf_address(rows[i].text, host, sizeof host, &port),
                         rows[i].host != NULL);
        if (!rows[i].host)
            continue;
        assert_string_equal(host, rows[i].host);
        assert_int_equal(port, rows[i].port);
    }
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(without_any_source_each_option_has_its_default),
        IN_FOLDER(a_flag_beats_the_environment_and_that_the_file),
        IN_FOLDER(the_last_of_several_flags_counts),
        IN_FOLDER(numbers_keep_to_their_range_from_every_source),
        IN_FOLDER(what_is_wrong_outside_the_file_is_named),
        IN_FOLDER(switches_take_the_usual_words),
        IN_FOLDER(an_address_is_a_host_and_a_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
