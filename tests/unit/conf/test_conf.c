#include "conf_folder.h"

#include <sys/wait.h>

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OLD_SECRET "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
#define SHA "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"
#define ARGON "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA"
#define BOT "bot \"b-1\" {\n  secret = \"" SECRET "\"\n"

/* --- the file --- */

static void a_fault_in_the_file_names_file_and_line(void **state)
{
    static const struct {
        const char *text, *fault; /* behind the file's name */
    } rows[] = {
        {"\n\nthreds = 4\n", ":3: no such option 'threds'"},
        {"threads = four\n", ":1: invalid integer value for option 'threads'"},
        {"\nlog_json = perhaps\n", ":2: invalid boolean value for option 'log_json'"},
        {"threads = 4\nthreads = 65\n", ":2: threads must be from 1 to 64"},
        {"# zh\n\nlanguage = fr\n", ":3: language: \"fr\" is not zh or en"},
        {"working_hours = 9-17\n",
         ":1: working_hours: \"9-17\" is not hours like \"mon-fri 09:00-17:30\", joined by ;"},
        {"working_hours = \"\"\n",
         ":1: working_hours: \"\" is not hours like \"mon-fri 09:00-17:30\", joined by ;"},
        {"quiet_hours = \"22:00\"\n",
         ":1: quiet_hours: \"22:00\" is not hours like \"22:00-07:00\""},
        {"log_level = loud\n", ":1: log_level: \"loud\" is not error, warn, info or debug"},
        {"\nlisten = 7080\n", ":2: listen: \"7080\" is not address:port"},
        {"listen = \"\"\n", ":1: listen: \"\" is not address:port"},
        {"operators_listen = \"x\"\n", ":1: operators_listen: \"x\" is not address:port"},
        {"redis = \"unix:a\"\n", ":1: redis: \"unix:a\" is not unix:/path or host:port"},
        {"durability = \"replicas:0\"\n",
         ":1: durability: \"replicas:0\" is not always, everysec or replicas:N"},
        {"durability = \"replicas:17\"\n",
         ":1: durability: \"replicas:17\" is not always, everysec or replicas:N"},
        {"bot \"b-1\" {\n  colour = red\n}\n", ":2: no such option 'colour'"},
        {"threads = 4\nbot \"b-1\" {\n}\n",
         ":3: bot \"b-1\": give a secret, a secret_file or a token_sha256"},
        {"bot \"b-1\" {\n  secret = \"\"\n}\n",
         ":3: bot \"b-1\": give a secret, a secret_file or a token_sha256"},
        {"bot \"b-1\" {\n  token_sha256 = \"\"\n}\n",
         ":3: bot \"b-1\": give a secret, a secret_file or a token_sha256"},
        {"bot \"b-1\" {\n  secret_file = \"/nowhere/b-1.secret\"\n}\n",
         ":3: bot \"b-1\": cannot read secret_file /nowhere/b-1.secret: No such file or directory"},
        {BOT "  rate_per_minute = 0\n}\n",
         ":4: bot \"b-1\": rate_per_minute is 1 to 60000, burst at least 1"},
        {BOT "  burst = 0\n}\n",
         ":4: bot \"b-1\": rate_per_minute is 1 to 60000, burst at least 1"},
        {BOT "  push_url = \"http://b.example/\"\n}\n",
         ":4: bot \"b-1\": push_url is not https:// and push_plain_http is off"},
        {"bot \"b-1\" {\n  token_sha256 = \"" SHA "\"\n  push_url = \"https://b.example/\"\n}\n",
         ":4: bot \"b-1\": a push_url needs a secret to sign with"},
        {BOT "}\n" BOT "}\n", ":4: found duplicate title 'b-1'"},
        {"token \"t\" {\n  role = boss\n  hash = \"" ARGON "\"\n}\n",
         ":4: token \"t\": role \"boss\" is not viewer, grid, staff or admin"},
        {"token \"t\" {\n  role = grid\n  hash = \"" ARGON "\"\n}\n",
         ":4: token \"t\": role grid needs a grid"},
        {"token \"t\" {\n  hash = \"5e88\"\n}\n",
         ":3: token \"t\": hash is not argon2id; make one with `linlictl token`"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errbuf eb;
        char want[400];
        snprintf(want, sizeof want, "%s%s", file, rows[i].fault);
        assert_null(load_file(rows[i].text, &eb));
        assert_string_equal(eb.text, want);
    }
}

static void comments_do_not_move_the_lines(void **state)
{
    static const struct {
        const char *text;
        int line;
    } rows[] = {{"# one\n# two\nlanguage = fr\n", 3},
                {"// one\n\nlanguage = fr\n", 3},
                {"/* one\n two */ language = fr\n", 2},
                {"threads = 1 # \"one\"\nlanguage = fr // it's two\n", 2},
                {"# one", 0},
                {"model = \"a # b // c /* d\"\nlanguage = fr\n", 2},
                {"model = 'it\\'s # one'\nlanguage = fr\n", 2},
                {"model = \"one\n# two\"\nlanguage = fr\n", 3},
                {"/* one */ threads = 1 # two\n  # three\n\tlanguage = fr\n", 3}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errbuf eb;
        char want[200];
        struct conf *c = load_file(rows[i].text, &eb);
        snprintf(want, sizeof want, "%s:%d: language: \"fr\" is not zh or en", file, rows[i].line);
        assert_string_equal(eb.text, rows[i].line ? want : "");
        conf_free(&c);
    }
    struct conf *c = load_good("redis = unix:/a//b\nmodel = \"# 'x' // y\" # z\nlanes = 2 /* */\n");
    assert_string_equal(c->redis, "unix:/a//b");
    assert_string_equal(c->model, "# 'x' // y");
    assert_int_equal(c->lanes, 2);
    conf_free(&c);
}

static void a_file_that_cannot_be_read_or_parsed_is_a_fault(void **state)
{
    struct errbuf eb;
    static const struct {
        const char *file, *fault;
    } rows[] = {{"/nowhere/linli.conf", "/nowhere/linli.conf: No such file or directory"},
                {"/tmp", "/tmp: Is a directory"},
                {"/dev/zero", "/dev/zero: File too large"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct conf_source src = {.file = rows[i].file};
        struct conf *c;
        assert_int_equal(conf_load(&src, &c, &eb), ERR_BAD_FIELD);
        assert_null(c);
        assert_string_equal(eb.text, rows[i].fault);
    }
    static const char *const broken[] = {"threads\n", "bot {\n}\n", "threads = {1}\n", "}\n"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_null(load_file(broken[i], &eb));
        assert_ptr_equal(strstr(eb.text, file), eb.text);
    }
}

static void the_sample_file_says_what_holds_without_it(void **state)
{
    const struct conf_source src = {.file = "deploy/linli.conf"};
    struct conf *c;
    struct errbuf eb;
    struct buf out;
    (void)state;
    buf_init(&out);
    if (conf_load(&src, &c, &eb))
        fail_msg("%s", eb.text);
    conf_print(c, &src, &out);
    assert_null(strstr(buf_z_borrow(&out), "# deploy/linli.conf"));
    assert_int_equal(c->n_bots + c->n_tokens, 0);
    buf_deinit(&out);
    conf_free(&c);
}

/* --- conf.d --- */

static void make_parts(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/conf.d", folder);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void files_of_conf_d_follow_in_the_order_of_their_names(void **state)
{
    (void)state;
    make_parts();
    put_file("conf.d/9-b.conf", "lanes = 7\nthreads = 7\n" BOT "}\n");
    put_file("conf.d/10-a.conf", "lanes = 6\nthreads = 6\nshards = 6\n");
    put_file("conf.d/30-c.txt", "lanes = 8\n");
    put_file("conf.d/.40-d.conf", "store_timeout_ms = 9000\n");
    put_file("conf.d/conf", "lanes = 10\n");
    struct conf *c = load_good("lanes = 5\nshards = 5\nlease_ms = 5000\n"
                               "bot \"b-0\" { secret = \"" SECRET "\" }\n");
    assert_int_equal(c->lanes, 7);
    assert_int_equal(c->threads, 7);
    assert_int_equal(c->shards, 6);
    assert_int_equal(c->lease_ms, 5000);
    assert_int_equal(c->store_timeout_ms, 2000);
    assert_int_equal(c->n_bots, 2);
    assert_non_null(conf_bot_find(c, "b-0"));
    assert_non_null(conf_bot_find(c, "b-1"));
    conf_free(&c);
}

static void a_fault_in_conf_d_names_that_file(void **state)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"\nlanes = 17\n", ":2: lanes must be from 1 to 16"},
        {"language = de\n", ":1: language: \"de\" is not zh or en"},
        {"bot \"b-9\" {\n}\n", ":2: bot \"b-9\": give a secret, a secret_file or a token_sha256"},
        {"bot \"b-1\" {\n}\n", ":1: found duplicate title 'b-1'"}};
    (void)state;
    make_parts();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errbuf eb;
        char want[300];
        put_file("conf.d/10-a.conf", rows[i].text);
        snprintf(want, sizeof want, "%s/conf.d/10-a.conf%s", folder, rows[i].fault);
        assert_null(load_file("lanes = 5\n" BOT "}\n", &eb));
        assert_string_equal(eb.text, want);
    }
}

/* --- bots and tokens --- */

static void a_bot_has_its_secrets_from_the_file_or_files_of_their_own(void **state)
{
    char text[600];
    (void)state;
    put_file("new.secret", "  " SECRET "\n\n");
    put_file("old.secret", OLD_SECRET);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    snprintf(text, sizeof text,
             "bot \"in\" {\n secret = \"%s\"\n secret_old = \"%s\"\n}\n"
             "bot \"by\" {\n secret_file = \"${CREDENTIALS_DIRECTORY}/new.secret\"\n"
             " secret_old_file = \"%s/old.secret\"\n}\n"
             "bot \"bearer\" {\n token_sha256 = \"%s\"\n push_url = \"\"\n}\n",
             SECRET, OLD_SECRET, folder, SHA);
    struct conf *c = load_good(text);
    static const char *const names[] = {"in", "by"};
    for (int i = 0; i < 2; i++) {
        const struct conf_bot *b = conf_bot_find(c, names[i]);
        assert_string_equal(b->secrets[0], SECRET);
        assert_string_equal(b->secrets[1], OLD_SECRET);
        assert_string_equal(b->connector, "generic");
        assert_int_equal(b->rate_per_minute, 20);
        assert_int_equal(b->burst, 5);
    }
    const struct conf_bot *b = conf_bot_find(c, "bearer");
    assert_null(b->secrets[0]);
    assert_string_equal(b->token_hashes[0], SHA);
    assert_null(b->token_hashes[1]);
    assert_null(b->push_url); /* said to be empty: it pulls */
    assert_null(conf_bot_find(c, "another"));
    conf_free(&c);
    unsetenv("CREDENTIALS_DIRECTORY");
}

static void a_secret_file_with_nothing_in_it_is_a_fault(void **state)
{
    char text[300], want[400];
    struct errbuf eb;
    (void)state;
    put_file("empty.secret", " \n");
    snprintf(text, sizeof text, BOT "  secret_old_file = \"%s/empty.secret\"\n}\n", folder);
    snprintf(want, sizeof want,
             "%s:4: bot \"b-1\": there is nothing in secret_old_file %s/empty.secret", file,
             folder);
    assert_null(load_file(text, &eb));
    assert_string_equal(eb.text, want);
}

static void plain_http_is_a_switch_of_its_own(void **state)
{
    (void)state;
    struct conf *c =
        load_good("push_plain_http = true\n" BOT "  push_url = \"http://b.example/\"\n}\n");
    assert_string_equal(conf_bot_find(c, "b-1")->push_url, "http://b.example/");
    conf_free(&c);
}

static void an_adviser_has_a_url_a_model_and_a_key_that_can_be_read(void **state)
{
    static const struct {
        const char *text, *fault;
    } rows[] = {
        {"adviser_url = \"ftp://a/\"\n", "\"ftp://a/\" is not an https:// or http:// URL"},
        {"adviser_url = \"https:///v1\"\n", "is not an https:// or http:// URL"},
        {"adviser_url = \"https://a/v1\"\n", "adviser_model: adviser_url wants the name"},
        {"adviser_url = \"http://a/v1\"\nadviser_model = m\n",
         "adviser_url is not https:// and adviser_private is off"},
        {"adviser_url = \"https://u:hush@a/v1\"\nadviser_model = m\n", "the key belongs into"},
        {"adviser_url = \"https://a/v1?key=hush\"\nadviser_model = m\n", "the key belongs into"},
        {"adviser_url = \"https://a/v1\"\nadviser_model = m\nadviser_key_file = \"/no/such\"\n",
         "adviser_key_file: cannot read /no/such"},
        {"adviser_per_minute = 0\n", "adviser_per_minute must be from 1 to 6000"},
        {"adviser_timeout_ms = 99\n", "adviser_timeout_ms must be from 100 to 120000"},
        {"adviser_margin_percent = 101\n", "adviser_margin_percent must be from 1 to 100"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errbuf eb;
        assert_null(load_file(rows[i].text, &eb));
        if (!strstr(eb.text, rows[i].fault) || strstr(eb.text, "hush"))
            fail_msg("%s", eb.text);
    }
    struct conf *c = load_good("adviser_url = \"http://127.0.0.1:8080/v1/chat/completions\"\n"
                               "adviser_model = m\nadviser_private = true\n");
    assert_string_equal(c->adviser_model, "m");
    conf_free(&c);
}

static void tokens_are_found_by_their_ids(void **state)
{
    (void)state;
    struct conf *c = load_good("token \"t-1\" {\n name = \"王芳\"\n role = grid\n grid = \"gr-1\"\n"
                               " community = \"c-1\"\n hash = \"" ARGON "\"\n}\n"
                               "token \"t-2\" {\n hash = \"" ARGON "\"\n}\n");
    const struct conf_token *t = conf_token_find(c, STR("t-1"));
    assert_string_equal(t->name, "王芳");
    assert_string_equal(t->role, "grid");
    assert_string_equal(t->grid, "gr-1");
    assert_string_equal(t->community, "c-1");
    assert_string_equal(t->hash, ARGON);
    t = conf_token_find(c, STR("t-2"));
    assert_string_equal(t->role, "viewer"); /* the least, where nothing is said */
    assert_string_equal(t->community, "*");
    assert_null(conf_token_find(c, STR("t-")));
    conf_free(&c);
}

/* --- printing --- */

static void the_printed_settings_say_where_each_is_from(void **state)
{
    const char *const sets[] = {"lanes=9"};
    const struct conf_source src = {.file = file, .sets = sets, .n_sets = 1, .environment = true};
    struct conf *c;
    struct buf out;
    (void)state;
    put_file("linli.conf", "lanes = 5\nshards = 16\nretention_s = 7200\nlanguage = en\n");
    setenv("LINLI_SHARDS", "32", 1);
    setenv("LINLI_LOG_JSON", "on", 1);
    assert_int_equal(conf_load(&src, &c, NULL), ERR_OK);
    buf_init(&out);
    conf_print(c, &src, &out);
    const char *text = buf_z_borrow(&out);
    char line[160];
    assert_non_null(strstr(text, "lanes = 9  # command line: "));
    assert_non_null(strstr(text, "\nshards = 32  # environment: "));
    assert_non_null(strstr(text, "\nlog_json = true  # environment: "));
    assert_non_null(strstr(text, "\nthreads = 1  # default: "));
    snprintf(line, sizeof line, "\nretention_s = 7200  # %s: ", file);
    assert_non_null(strstr(text, line));
    snprintf(line, sizeof line, "\nlanguage = \"en\"  # %s: ", file);
    assert_non_null(strstr(text, line));
#define X(type, name, otherwise, least, most, help)                                                \
    snprintf(line, sizeof line, ": %s\n", help);                                                   \
    assert_non_null(strstr(text, line));
    CONF_TABLE(X)
#undef X
    buf_deinit(&out);
    conf_free(&c);
}

static void no_secret_is_in_the_printed_settings(void **state)
{
    static const char *const hidden[] = {SECRET,     "MfKQ9r8G", OLD_SECRET, "C2FVsBQI", SHA,
                                         "argon2id", "aGFzaA",   "s3cr3t",   "b.example"};
    const struct conf_source src = {.file = file};
    struct buf out;
    (void)state;
    struct conf *c = load_good(
        BOT "  secret_old = \"" OLD_SECRET "\"\n  token_sha256 = \"" SHA "\"\n"
            "  push_url = \"https://b.example/?key=s3cr3t\"\n}\n"
            "token \"t-1\" {\n name = \"王芳\"\n role = staff\n hash = \"" ARGON "\"\n}\n");
    buf_init(&out);
    conf_print(c, &src, &out);
    const char *text = buf_z_borrow(&out);
    assert_non_null(strstr(text, "bot \"b-1\" { connector = generic  secrets = (hidden)"));
    assert_non_null(strstr(text, "token \"t-1\" { name = 王芳  role = staff"));
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        assert_null(strstr(text, hidden[i]));
    buf_deinit(&out);
    conf_free(&c);
}

static void an_error_about_a_bot_does_not_tell_its_secret(void **state)
{
    static const char *const rows[] = {BOT "  burst = 0\n}\n", BOT "  push_url = \"x\"\n}\n",
                                       BOT "  secret_old_file = \"/nowhere\"\n}\n", BOT BOT};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct errbuf eb;
        assert_null(load_file(rows[i], &eb));
        assert_null(strstr(eb.text, "MfKQ9r8G"));
    }
}

/* --- the daemon's own --check-config --- */

static int check_config(char out[1024])
{
    char command[400];
    snprintf(command, sizeof command, "%s/linlid --check-config --config %s 2>&1",
             getenv("LINLI_BUILD"), file);
    FILE *f = popen(command, "re");
    assert_non_null(f);
    out[fread(out, 1, 1023, f)] = 0;
    return WEXITSTATUS(pclose(f));
}

static void the_daemon_checks_its_settings_and_says_what_to_mend(void **state)
{
    char path[300], out[1024], want[300];
    (void)state;
    snprintf(path, sizeof path, "%s/linlid", getenv("LINLI_BUILD") ? getenv("LINLI_BUILD") : "");
    if (access(path, X_OK)) /* a build of the tests alone has no daemon */
        skip();
    put_file("linli.conf", "threads = 2\n");
    assert_int_equal(check_config(out), 0);
    snprintf(want, sizeof want, "linlid: %s is in order\n", file);
    assert_string_equal(out, want);
    put_file("linli.conf", "threads = 2\n\ndurability = often\n");
    assert_int_equal(check_config(out), 78); /* EX_CONFIG */
    snprintf(want, sizeof want,
             "linlid: %s:3: durability: \"often\" is not always, everysec or replicas:N\n", file);
    assert_string_equal(out, want);
    setenv("LINLI_THREADS", "0", 1);
    put_file("linli.conf", "");
    assert_int_equal(check_config(out), 78);
    assert_string_equal(out, "linlid: LINLI_THREADS: threads must be from 1 to 64\n");
}

int main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_fault_in_the_file_names_file_and_line),
        IN_FOLDER(comments_do_not_move_the_lines),
        IN_FOLDER(a_file_that_cannot_be_read_or_parsed_is_a_fault),
        IN_FOLDER(the_sample_file_says_what_holds_without_it),
        IN_FOLDER(files_of_conf_d_follow_in_the_order_of_their_names),
        IN_FOLDER(a_fault_in_conf_d_names_that_file),
        IN_FOLDER(a_bot_has_its_secrets_from_the_file_or_files_of_their_own),
        IN_FOLDER(a_secret_file_with_nothing_in_it_is_a_fault),
        IN_FOLDER(plain_http_is_a_switch_of_its_own),
        IN_FOLDER(an_adviser_has_a_url_a_model_and_a_key_that_can_be_read),
        IN_FOLDER(tokens_are_found_by_their_ids),
        IN_FOLDER(the_printed_settings_say_where_each_is_from),
        IN_FOLDER(no_secret_is_in_the_printed_settings),
        IN_FOLDER(an_error_about_a_bot_does_not_tell_its_secret),
        IN_FOLDER(the_daemon_checks_its_settings_and_says_what_to_mend),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
