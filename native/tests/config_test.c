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

// stderr of `load`.
static void errors_of(const char *text, char *errors, size_t size)
{
    char name[] = "/tmp/igsrun-errors-XXXXXX";
    int file = mkstemp(name), kept = dup(2);
    unlink(name);
    dup2(file, 2);
    load(text);
    dup2(kept, 2);
    memset(errors, 0, size);
    CHECK(pread(file, errors, size - 1, 0) >= 0);
    close(file);
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
    CHECK_INT(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    getsockname(fd, (struct sockaddr *)&at, &size);
    close(fd);
    return ntohs(at.sin_port);
}

// The original's igsfixport.conf.
static void fixed_ports(void)
{
    char name[] = "/tmp/igsfixport-XXXXXX", lines[256], text[128];
    int free_tcp = port_after_bind(SOCK_STREAM, 0), free_udp = port_after_bind(SOCK_DGRAM, 0), fd = mkstemp(name);
    int length = snprintf(lines, sizeof lines, "# ports\nplc %d/tcp # of the PLC\nscada\t%d/udp\n", free_tcp, free_udp);
    CHECK_INT(write(fd, lines, (size_t)length), length);
    close(fd);
    // bind() was used already, so the library has started without a configuration: in a child it starts anew.
    snprintf(text, sizeof text, "fixed-ports %s\n", name);
    load(text);
    unlink(name);
    CHECK(!config.is_broken);
    CHECK(port_after_bind(SOCK_STREAM, free_tcp) != free_tcp);
    CHECK(port_after_bind(SOCK_DGRAM, free_udp) != free_udp);
    if (free_tcp != free_udp) {
        CHECK_INT(port_after_bind(SOCK_DGRAM, free_tcp), free_tcp);
    }
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
    {"config no file", no_file},
    {"config from home", from_home},
    {"config environment wins", environment_wins},
    {"config password file", password_file},
    {"config fixed ports", fixed_ports},
    {"config wrong fixed ports", wrong_fixed_ports},
    {NULL, NULL},
};
