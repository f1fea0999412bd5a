// Names and their placeholder addresses.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../src/names.h"
#include "../src/real.h"
#include "stand_in.h"

static void own_table(void)
{
    // Not the user's: a folder of the test's own.
    setenv("XDG_RUNTIME_DIR", test_folder, 1);
}

static void look_up(const char *name, int family, const char *service, char ip[64])
{
    struct addrinfo *found, want = {.ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_CANONNAME | AI_ADDRCONFIG};
    CHECK_INT(getaddrinfo(name, service, &want, &found), 0);
#ifdef __GLIBC__
    CHECK_TEXT(found->ai_canonname, name);
#else
    CHECK_INT(strcasecmp(found->ai_canonname, name), 0); // as it is noted, in small letters
#endif
    CHECK(found->ai_next == NULL);
    void *octets = found->ai_family == AF_INET ? (void *)&((struct sockaddr_in *)found->ai_addr)->sin_addr
                                               : (void *)&((struct sockaddr_in6 *)found->ai_addr)->sin6_addr;
    inet_ntop(found->ai_family, octets, ip, 64);
    freeaddrinfo(found);
}

static void through_names(void)
{
    stand_in((struct script){.is_ours = true});
    own_table();
    char ip[64], again[64], six[64];
    look_up("db.plant.example", AF_UNSPEC, "5432", ip);
    CHECK_INT(strncmp(ip, "198.1", 5), 0);
    look_up("db.plant.example", AF_INET, NULL, again);
    CHECK_TEXT(again, ip);
    look_up("DB.plant.Example", AF_INET6, NULL, six);
    CHECK_INT(strncmp(six, "fd69:6773:6e65:74", 17), 0);
    int fd = tcp_socket(AF_INET, false), other = tcp_socket(AF_INET6, false);
    CHECK_INT(connect_to(fd, ip, 5432), 0);
    check_target(fd, "target db.plant.example:5432\n");
    CHECK_INT(connect_to(other, six, 5432), 0);
    check_target(other, "target db.plant.example:5432\n");
}

static void all_the_old_calls(void)
{
    stand_in((struct script){0});
    own_table();
    struct hostent host, *result = NULL;
    char buffer[1024], ip[64], name[256] = "";
    int error = 0;
    look_up("old.plant.example", AF_INET, NULL, ip);
    result = gethostbyname("old.plant.example");
    CHECK(result != NULL);
    CHECK_TEXT(inet_ntop(AF_INET, result->h_addr_list[0], buffer, sizeof buffer), ip);
    CHECK_TEXT(result->h_name, "old.plant.example");
    CHECK_INT(gethostbyname_r("old.plant.example", &host, buffer, sizeof buffer, &result, &error), 0);
    CHECK_TEXT(result->h_name, "old.plant.example");
    CHECK_INT(gethostbyname2_r("old.plant.example", AF_INET6, &host, buffer, sizeof buffer, &result, &error), 0);
    CHECK_INT(result->h_length, 16);
    struct sockaddr_storage at;
    socklen_t size = address(&at, ip, 25);
    CHECK_INT(getnameinfo((struct sockaddr *)&at, size, name, sizeof name, NULL, 0, NI_NAMEREQD), 0);
    CHECK_TEXT(name, "old.plant.example");
    CHECK_INT(getnameinfo((struct sockaddr *)&at, size, name, 4, NULL, 0, 0), EAI_OVERFLOW);
    CHECK_INT(getnameinfo((struct sockaddr *)&at, size, name, sizeof name, NULL, 0, NI_NUMERICHOST), 0);
    CHECK_TEXT(name, ip);
    result = gethostbyaddr(&((struct sockaddr_in *)&at)->sin_addr, 4, AF_INET);
    CHECK(result != NULL);
    CHECK_TEXT(result->h_name, "old.plant.example");
}

#ifdef __GLIBC__
static volatile sig_atomic_t notices;

static void on_notice(int number)
{
    (void)number;
    notices++;
}

static void asynchronous(void)
{
#ifdef IGS_THREAD_SANITIZER
    test_skip("the thread sanitizer does not know the C library's own threads");
#endif
    stand_in((struct script){0});
    own_table();
    struct gaicb one = {.ar_name = "one.plant.example"}, local = {.ar_name = "127.0.0.1"}, *list[2] = {&one, &local};
    CHECK_INT(getaddrinfo_a(GAI_WAIT, list, 2, NULL), 0);
    CHECK_INT(gai_error(&one), 0);
    CHECK_INT(gai_error(&local), 0);
    CHECK(one.ar_result != NULL && local.ar_result != NULL);
    struct gaicb two = {.ar_name = "two.plant.example"}, *alone[1] = {&two};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    signal(SIGUSR1, on_notice);
    CHECK_INT(getaddrinfo_a(GAI_NOWAIT, alone, 1, &event), 0);
    CHECK_INT(gai_error(&two), 0);
    CHECK_INT(notices, 1);
    freeaddrinfo(one.ar_result);
    freeaddrinfo(local.ar_result);
    freeaddrinfo(two.ar_result);
}
#endif

// Another process, which the first one hands the address to.
static void stable(void)
{
    stand_in((struct script){.is_ours = true});
    own_table();
    char ip[64] = "";
    int pair[2], status;
    CHECK_INT(pipe(pair), 0);
    pid_t child = fork(); // before the table is there
    if (child == 0) {
        look_up("kept.plant.example", AF_INET, NULL, ip);
        _exit(write(pair[1], ip, sizeof ip) != sizeof ip);
    }
    CHECK_INT(read(pair[0], ip, sizeof ip), sizeof ip);
    CHECK_INT(waitpid(child, &status, 0), child);
    int fd = tcp_socket(AF_INET, false);
    CHECK_INT(connect_to(fd, ip, 80), 0);
    check_target(fd, "target kept.plant.example:80\n");
}

static void local_names(void)
{
    stand_in((struct script){0});
    own_table();
    struct addrinfo *found, want = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    CHECK_INT(getaddrinfo("localhost", NULL, &want, &found), 0);
    CHECK_INT(ntohl(((struct sockaddr_in *)found->ai_addr)->sin_addr.s_addr), INADDR_LOOPBACK);
    freeaddrinfo(found);
    CHECK_INT(getaddrinfo("0x7f.1", NULL, &want, &found), 0); // an address in an odd spelling
    CHECK_INT(ntohl(((struct sockaddr_in *)found->ai_addr)->sin_addr.s_addr), INADDR_LOOPBACK);
    freeaddrinfo(found);
    CHECK_INT(getaddrinfo(NULL, "80", &want, &found), 0);
    freeaddrinfo(found);
    want.ai_flags = AI_NUMERICHOST;
    CHECK_INT(getaddrinfo("no.plant.example", NULL, &want, &found), EAI_NONAME);
}

// In the resolver's place.
static char asked[64];

static int knows_no_name(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    (void)service;
    (void)hints;
    (void)found;
    snprintf(asked, sizeof asked, "%s", name);
    return EAI_NONAME;
}

static struct hostent *knows_no_host(const char *name)
{
    snprintf(asked, sizeof asked, "%s", name);
    return NULL;
}

// Names that no host has get no placeholder: the program hears that they do not exist, and not a refused connect later.
static void impossible_names(void)
{
    static const char *const possible[] = {"a", "db.plant.example", "_tcp.plant.example", "db_1", "r1---sn-x.example", "a.b.c.", "xn--bcher-kva.example",
                                           "1.example", "3com", "notinvalid", "invalid.example", "x-.example", "1.2.3.x4"};
    static const char *const impossible[] = {"0.1.1.~1", "nosuch.invalid", "invalid", "a.INVALID.", "", ".", "a..b", ".a", "a b", "a/b", "*.example",
                                             "1.2.3.4.5", "256.1.1.1", "-x.example", "b\u00fccher.example", "a.b:80", "x%lo", "a\tb"};
    stand_in((struct script){0});
    own_table();
    for (size_t i = 0; i < sizeof possible / sizeof possible[0]; i++) {
        if (!names_is_host(possible[i])) {
            test_fail(__FILE__, __LINE__, "%s is a host's name", possible[i]);
        }
    }
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        if (names_is_host(impossible[i])) {
            test_fail(__FILE__, __LINE__, "%s is no host's name", impossible[i]);
        }
    }
    char label[65] = "";
    memset(label, 'x', 64);
    CHECK(!names_is_host(label) && names_is_host(label + 1));
    // By the calls: this machine's resolver is asked.
    struct addrinfo *found = NULL, want = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    CHECK_INT(getaddrinfo("127.0.0.1", NULL, &want, &found), 0); // starts the library
    freeaddrinfo(found);
    real.getaddrinfo = knows_no_name;
    real.gethostbyname = knows_no_host;
    CHECK_INT(getaddrinfo("nosuch.invalid", NULL, &want, &found), EAI_NONAME);
    CHECK_TEXT(asked, "nosuch.invalid");
    CHECK(gethostbyname("0.1.1.~1") == NULL);
    CHECK_TEXT(asked, "0.1.1.~1");
}

static void unknown_placeholder(void)
{
    stand_in((struct script){0});
    own_table();
    CHECK_ERRNO(connect_to(tcp_socket(AF_INET, false), "198.19.1.2", 80), EHOSTUNREACH);
}

static void other_block(void)
{
    stand_in((struct script){0});
    own_table();
    use_config("placeholder 10.99.0.0/16\nplaceholder fd00:9::/96\n");
    char ip[64];
    look_up("x.plant.example", AF_INET, NULL, ip);
    CHECK_INT(strncmp(ip, "10.99.", 6), 0);
    look_up("x.plant.example", AF_INET6, NULL, ip);
    CHECK_INT(strncmp(ip, "fd00:9::", 8), 0);
}

static void many(void)
{
    own_table();
    setenv("IGSRUN_GATEWAY", "127.0.0.1:1", 1);
    char name[64];
    struct addrinfo *found;
    CHECK_INT(getaddrinfo("first.plant.example", NULL, NULL, &found), 0); // starts the library
    freeaddrinfo(found);
    for (int i = 0; i < 5000; i++) {
        struct address at;
        snprintf(name, sizeof name, "host-%d.plant.example", i);
        CHECK(names_placeholder(name, 4, &at));
        CHECK_TEXT(names_of(&at), name);
    }
}

static unsigned weak_hash(const char *name)
{
    unsigned hash = 2166136261u; // FNV-1a, which the table once had
    for (const char *at = name; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619u;
    }
    return hash;
}

static void start(void)
{
    own_table();
    setenv("IGSRUN_GATEWAY", "127.0.0.1:1", 1);
    struct addrinfo *found;
    CHECK_INT(getaddrinfo("127.0.0.1", NULL, NULL, &found), 0);
    freeaddrinfo(found);
}

// Whoever chooses names that a program looks up cannot choose which others it does not find then.
static void chosen_names(void)
{
    start();
    char name[64];
    struct address at;
    unsigned wanted = weak_hash("victim.plant.example") % 65536;
    for (unsigned i = 0, met = 0; met < 64; i++) {
        snprintf(name, sizeof name, "%u.evil.example", i);
        if (weak_hash(name) % 65536 == wanted) {
            CHECK(names_placeholder(name, 4, &at));
            met++;
        }
    }
    CHECK(names_placeholder("victim.plant.example", 4, &at));
}

// More names than there is room for: those in use stay, and those that nobody has used for an hour go.
static void more_than_there_is_room_for(void)
{
    start();
    char name[64];
    struct address kept, at;
    int full = 0;
    CHECK(names_placeholder("kept.plant.example", 4, &kept));
    for (int i = 0; i < 70000; i++) {
        snprintf(name, sizeof name, "host-%d.plant.example", i);
        full += !names_placeholder(name, 4, &at);
    }
    CHECK(full >= 70000 - 65536 && full < 8000);
    CHECK_TEXT(names_of(&kept), "kept.plant.example");
    atomic_store(&names_seconds_later, 3000);
    CHECK_TEXT(names_of(&kept), "kept.plant.example"); // used
    atomic_store(&names_seconds_later, 5000);
    for (int i = 0; i < 70000; i++) {
        snprintf(name, sizeof name, "other-%d.plant.example", i);
        if (names_placeholder(name, 4, &at)) {
            CHECK_TEXT(names_of(&at), name);
            full--;
        }
    }
    CHECK(full < 8000 - 60000); // as many as before find room
    CHECK_TEXT(names_of(&kept), "kept.plant.example");
}

// A socket that is connected to a name stays with it, whatever becomes of the name's place in the table.
static void peers_keep_their_name(void)
{
    stand_in((struct script){.is_ours = true, .names_source = true});
    own_table();
    use_config("placeholder 198.18.0.0/24\n"); // room for few
    struct addrinfo *found, want = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    CHECK_INT(getaddrinfo("ns.plant.example", "53", &want, &found), 0);
    int fd = udp_socket(AF_INET, false);
    CHECK_INT(connect(fd, found->ai_addr, found->ai_addrlen), 0);
    struct address at, peer;
    CHECK(address_read(&peer, found->ai_addr, found->ai_addrlen));
    freeaddrinfo(found);
    for (int i = 0; i < 2000; i++) {
        char name[64];
        atomic_store(&names_seconds_later, 10000 + 10000 * i);
        snprintf(name, sizeof name, "other-%d.plant.example", i);
        CHECK(names_placeholder(name, 4, &at));
    }
    CHECK(strcmp(names_of(&peer), "ns.plant.example") != 0);
    char back[8] = "";
    CHECK_INT(send(fd, "one", 3, 0), 3);
    CHECK_INT(recv(fd, back, sizeof back, 0), 3); // from the name that it was sent to, or it would have been dropped
    CHECK_TEXT(back, "one");
}

static void fall_back_is_reported(void)
{
    char file[128], text[1024] = "";
    snprintf(file, sizeof file, "%s/igsnetty-names-2-%u", test_folder, geteuid());
    int theirs = open(file, O_CREAT | O_WRONLY, 0644), errors = fileno(tmpfile());
    CHECK(theirs >= 0 && fchmod(theirs, 0644) == 0 && errors >= 0);
    CHECK_INT(dup2(errors, 2), 2);
    start();
    struct address at;
    CHECK(names_placeholder("a.plant.example", 4, &at) && names_placeholder("b.plant.example", 4, &at));
    CHECK_TEXT(names_of(&at), "b.plant.example");
    CHECK(pread(errors, text, sizeof text - 1, 0) > 0);
    CHECK(strstr(text, file) != NULL && strstr(text, "it is not this user's alone") != NULL);
    CHECK(strchr(text, '\n') == text + strlen(text) - 1); // once
}

const struct test names_tests[] = {
    {"names through", through_names},
    {"names by all the old calls", all_the_old_calls},
#ifdef __GLIBC__
    {"names asynchronous", asynchronous},
#endif
    {"names stable", stable},
    {"names local", local_names},
    {"names impossible", impossible_names},
    {"names unknown placeholder", unknown_placeholder},
    {"names other block", other_block},
    {"names many", many},
    {"names chosen", chosen_names},
    {"names more than there is room for", more_than_there_is_room_for},
    {"names of peers", peers_keep_their_name},
    {"names private table", fall_back_is_reported},
    {NULL, NULL},
};
