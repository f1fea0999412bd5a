// What a configuration may say, and what is said of one that is wrong.
#include <netinet/in.h>
#include <unistd.h>

#include "../src/config.h"
#include "../src/real.h"
#include "../src/rules.h"
#include "../src/say.h"
#include "stand_in.h"

static void load(const char *text)
{
    use_config(text);
    real_find();
    say_remember_stderr();
    config_load();
}

// stderr of loading the file that is there.
static void errors_as_it_is(char *errors, size_t size)
{
    char name[] = "/tmp/igsrun-errors-XXXXXX";
    int file = mkstemp(name), kept = dup(2);
    unlink(name);
    dup2(file, 2);
    real_find();
    say_remember_stderr();
    config_load();
    dup2(kept, 2);
    memset(errors, 0, size);
    CHECK(pread(file, errors, size - 1, 0) >= 0);
    close(file);
}

// stderr of `load`.
static void errors_of(const char *text, char *errors, size_t size)
{
    use_config(text);
    errors_as_it_is(errors, size);
}

static void everything(void)
{
    load("# a comment\n"
         "\n"
         "gateway  gw.site-a.example:1234   # behind\n"
         "gateway-kind igsnetty\r\n"
         "\tuser ann\n"
         "udp-response-timeout 3600\n"
         "answer-timeout 7\n"
         "when-down direct\n"
         "placeholder 10.1.0.0/16\n"
         "rule direct 10.0.0.0/8 ports 22,80-90 protocol tcp program * not-program nosuch\n"
         "rule gateway *.plant.example resolve here udp-timeout 5");
    CHECK(config.is_broken); // a user without a password
    CHECK_TEXT(config.gateway.host, "gw.site-a.example");
    CHECK_INT(config.gateway.address.port, 1234);
    CHECK_INT(atomic_load(&config.gateway.kind), KIND_IGSNETTY);
    CHECK_INT(config.udp_timeout, 3600);
    CHECK_INT(config.answer_timeout, 7);
    CHECK(config.is_direct_when_down);
    CHECK_INT(config.ip4.bits, 16);
    CHECK_INT(config.rule_count, 2);
    CHECK_INT(config.rules[0].port_ranges, 2);
    CHECK_INT(config.rules[0].ports[1].to, 90);
    CHECK(config.rules[0].is_for_this_program);
    CHECK(config.rules[1].resolve_here);
    CHECK_INT(config.rules[1].udp_timeout, 5);
    CHECK_INT(config.rules[1].line, 11);
}

static void nothing(void)
{
    load("");
    CHECK(!config.is_broken);
    CHECK_TEXT(config.gateway.host, "127.0.0.1");
    CHECK_INT(config.gateway.address.port, 20304);
    CHECK_INT(config.udp_timeout, -1);
}

static void is_wrong(const char *text, const char *words)
{
    char errors[4096], expected[256];
    errors_of(text, errors, sizeof errors);
    snprintf(expected, sizeof expected, "%s:2: %s", getenv("IGSRUN_CONFIG"), words);
    if (!config.is_broken || strstr(errors, expected) == NULL) {
        test_fail(__FILE__, __LINE__, "for \"%s\" expected \"%s\", not \"%s\"", text, expected, errors);
    }
    unlink(getenv("IGSRUN_CONFIG"));
}

static void wrong_lines(void)
{
    is_wrong("\ngatway x:1\n", "unknown key 'gatway'; known are gateway");
    is_wrong("\ngateway\n", "no value for 'gateway'");
    is_wrong("\ngateway x:99999\n", "not a good value: 'x:99999'; write HOST:PORT");
    is_wrong("\ngateway x:1 y\n", "too much on the line: 'y'");
    is_wrong("\ngateway-kind any\n", "not a good value: 'any'; write auto");
    is_wrong("\nudp-response-timeout 3601\n", "not a good value: '3601'; write seconds, 0 to 3600");
    is_wrong("\nudp-response-timeout -1\n", "not a good value");
    is_wrong("\nwhen-down maybe\n", "not a good value: 'maybe'; write fail or direct");
    is_wrong("\npassword-file /nonexistent\n", "not a good value: '/nonexistent'; name a readable file");
    is_wrong("\nplaceholder 10.0.0.0/30\n", "not a good value: '10.0.0.0/30'; write a block");
    is_wrong("\nfixed-ports /nonexistent\n", "cannot be read: '/nonexistent'");
    is_wrong("\nrule\n", "a rule without a destination");
    is_wrong("\nrule permit *\n", "unknown action 'permit'; write direct, gateway or deny");
    is_wrong("\nrule direct 10.0.0.0/33\n", "not a destination: '10.0.0.0/33'");
    is_wrong("\nrule direct 10.0.0\n", "not a destination: '10.0.0'");
    is_wrong("\nrule direct * ports 0\n", "not a good value: '0'; write ports");
    is_wrong("\nrule direct * ports 80,\n", "not a good value: '80,'");
    is_wrong("\nanswer-timeout 0\n", "not a good value: '0'; write seconds, 1 to 3600");
    is_wrong("\nrule direct * ports 90-80\n", "not a good value");
    is_wrong("\nrule direct * protocol icmp\n", "not a good value: 'icmp'; write tcp or udp");
    is_wrong("\nrule direct * ports\n", "no value for 'ports'");
    is_wrong("\nrule direct * port 80\n", "unknown word 'port'; known are ports");
    is_wrong("\nrule direct * resolve now\n", "not a good value: 'now'; write here or there");
}

// The file's bytes as they are: zeros, too.
static void is_wrong_bytes(const char *bytes, size_t size, const char *words)
{
    char errors[4096] = "";
    CHECK(size < 1000);
    use_config("");
    FILE *file = fopen(getenv("IGSRUN_CONFIG"), "w");
    CHECK(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
    errors_as_it_is(errors, sizeof errors);
    if (!config.is_broken || strstr(errors, words) == NULL) {
        test_fail(__FILE__, __LINE__, "expected \"%s\", not \"%s\"", words, errors);
    }
    unlink(getenv("IGSRUN_CONFIG"));
}

#define IS_WRONG_BYTES(bytes, words) is_wrong_bytes(bytes, sizeof bytes - 1, words)

// A file that is read otherwise than it is meant loses rules: nothing goes anywhere then.
static void wide_characters(void)
{
    IS_WRONG_BYTES("\xff\xfe" "r\0u\0l\0e\0 \0d\0e\0n\0y\0 \0*\0\n\0", "is not a text file of ASCII or UTF-8");
    IS_WRONG_BYTES("r\0u\0l\0e\0 \0d\0e\0n\0y\0 \0*\0\n\0", "is not a text file of ASCII or UTF-8");
    IS_WRONG_BYTES("\0r\0u\0l\0e\0 \0d\0e\0n\0y\0 \0*\0\n", "is not a text file of ASCII or UTF-8");
    IS_WRONG_BYTES("# rules\n\0rule deny *\n", "is not a text file of ASCII or UTF-8");
}

static void blanks_of_other_alphabets(void)
{
    is_wrong("\nrule deny *.evil.example\u3000\n", "the line has a blank that is not ASCII");
    is_wrong("\nrule deny *.evil.example\u00a0\n", "the line has a blank that is not ASCII");
    is_wrong("\nrule\u3000deny *\n", "the line has a blank that is not ASCII");
    is_wrong("\nrule deny * program ssh\u3000\n", "the line has a blank that is not ASCII");
    is_wrong("\nrule deny * program ssh\u200b\n", "the line has a blank that is not ASCII");
    is_wrong("\nrule deny * program ssh\ufeff\n", "the line has a blank that is not ASCII");
    is_wrong("\nrule deny * program a#b\u3000c\n", "the line has a blank that is not ASCII");
    is_wrong("\nrule deny * program ssh\x81\x40\n", "the line is not UTF-8");
    is_wrong("\nrule deny \uff45vil.example\n", "not a destination:");
    is_wrong("\nrule deny * program ssh\v\n", "the line has a control character");
    load("# a comment\u3000in \x83\x76 any encoding\nrule deny * program \u65e5\u672c # \x83\x85\n");
    CHECK(!config.is_broken);
    CHECK_INT(config.rule_count, 1);
}

static void other_line_ends(void)
{
    load("\xef\xbb\xbf# rules\rrule deny *.evil.example\r\nrule direct *\r");
    CHECK(!config.is_broken);
    CHECK_INT(config.rule_count, 2);
    CHECK_INT(config.rules[0].action, DENY);
    CHECK_INT(config.rules[0].line, 2);
    CHECK_INT(config.rules[1].line, 3);
}

static void no_file(void)
{
    setenv("IGSRUN_CONFIG", "/nonexistent/igsrun.conf", 1);
    real_find();
    config_load();
    CHECK(config.is_broken);
}

static void from_home(void)
{
    char path[256];
    snprintf(path, sizeof path, "mkdir -p %s/.config/igsnetty && echo 'gateway 192.0.2.5:77' >%s/.config/igsnetty/igsrun.conf",
             test_folder, test_folder);
    CHECK_INT(system(path), 0);
    setenv("HOME", test_folder, 1);
    real_find();
    config_load();
    CHECK_TEXT(config.gateway.host, "192.0.2.5");
}

static void environment_wins(void)
{
    setenv("IGSRUN_GATEWAY", "[2001:db8::1]:88", 1);
    setenv("IGSRUN_UDP_TIMEOUT", "9", 1);
    setenv("IGSRUN_WHEN_DOWN", "fail", 1);
    load("gateway x:1\ngateway-kind igsnetty\nudp-response-timeout 1\nwhen-down direct\n");
    CHECK(!config.is_broken);
    CHECK_TEXT(config.gateway.host, "2001:db8::1");
    CHECK_INT(config.gateway.address.family, 6);
    CHECK_INT(config.gateway.address.port, 88);
    CHECK_INT(config.udp_timeout, 9);
    CHECK(!config.is_direct_when_down);
    CHECK_INT(atomic_load(&config.gateway.kind), KIND_UNKNOWN); // the file's is about another gateway
}

static void password_file(void)
{
    char name[] = "/tmp/igsrun-password-XXXXXX", text[128];
    int fd = mkstemp(name);
    CHECK_INT(write(fd, "secret word\nmore\n", 17), 17);
    close(fd);
    snprintf(text, sizeof text, "user ann\npassword-file %s\n", name);
    load(text);
    unlink(name);
    CHECK(!config.is_broken);
    CHECK_TEXT(config.gateway.password, "secret word");
}

static int port_after_bind(int type, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, type, 0);
    int result = bind(fd, (struct sockaddr *)&at, sizeof at);
    getsockname(fd, (struct sockaddr *)&at, &size);
    close(fd);
    return result == 0 ? ntohs(at.sin_port) : 0;
}

static void odd_fixed_ports(const char *bytes, size_t size, const char *words)
{
    char name[] = "/tmp/igsfixport-XXXXXX", text[128], errors[1024];
    int fd = mkstemp(name);
    CHECK_INT(write(fd, bytes, size), size);
    close(fd);
    snprintf(text, sizeof text, "fixed-ports %s\n", name);
    errors_of(text, errors, sizeof errors);
    unlink(name);
    if (strstr(errors, words) == NULL || config.is_broken != (words[0] != '\0')) {
        test_fail(__FILE__, __LINE__, "expected \"%s\", not \"%s\"", words, errors);
    }
}

static void fixed_ports_in_other_encodings(void)
{
    static const char marked[] = "\xef\xbb\xbf# the PLC\rplc 2222/tcp\r", japanese[] = "\x83\x76\x83\x8d 2224/udp\r\n";
    static const char wide[] = "#\0\n\0p\0l\0c\0 \0" "8\0000\0/\0t\0c\0p\0", full[] = "plc\u3000" "80/tcp\n";
    odd_fixed_ports(marked, sizeof marked - 1, "");
    CHECK_INT(config.fixed_tcp[2222 / 8] >> 2222 % 8 & 1, 1);
    odd_fixed_ports(japanese, sizeof japanese - 1, "");
    CHECK_INT(config.fixed_udp[2224 / 8] >> 2224 % 8 & 1, 1);
    odd_fixed_ports(wide, sizeof wide - 1, "is not a text file of ASCII or UTF-8");
    odd_fixed_ports(full, sizeof full - 1, "not a fixed port: 'plc\u3000" "80/tcp'");
}

// The original's igsfixport.conf. Its ports are below those that the system chooses from.
static void fixed_ports(void)
{
    static const char lines[] = "# ports\nplc 2222/tcp # of the PLC\nscada\t2224/udp\n";
    port_after_bind(SOCK_STREAM, 0); // starts the library, which would read the configuration again
    odd_fixed_ports(lines, sizeof lines - 1, "");
    int tcp = port_after_bind(SOCK_STREAM, 2222), udp = port_after_bind(SOCK_DGRAM, 2224), other = port_after_bind(SOCK_DGRAM, 2222);
    CHECK(tcp != 0 && tcp != 2222);
    CHECK(udp != 0 && udp != 2224);
    CHECK(other == 2222 || other == 0); // 0: another program has it
}

static void wrong_fixed_ports(void)
{
    char name[] = "/tmp/igsfixport-XXXXXX", text[128], errors[1024], expected[128];
    int fd = mkstemp(name);
    CHECK_INT(write(fd, "plc 70000/tcp\nplc 80/TCP\n", 25), 25);
    close(fd);
    snprintf(text, sizeof text, "fixed-ports %s\n", name);
    errors_of(text, errors, sizeof errors);
    unlink(name);
    snprintf(expected, sizeof expected, "%s:2: not a fixed port: 'plc'; write", name);
    CHECK(strstr(errors, expected) != NULL && config.is_broken);
}

const struct test config_tests[] = {
    {"config everything", everything},
    {"config nothing", nothing},
    {"config wrong lines", wrong_lines},
    {"config wide characters", wide_characters},
    {"config blanks of other alphabets", blanks_of_other_alphabets},
    {"config other line ends", other_line_ends},
    {"config fixed ports in other encodings", fixed_ports_in_other_encodings},
    {"config no file", no_file},
    {"config from home", from_home},
    {"config environment wins", environment_wins},
    {"config password file", password_file},
    {"config fixed ports", fixed_ports},
    {"config wrong fixed ports", wrong_fixed_ports},
    {NULL, NULL},
};
