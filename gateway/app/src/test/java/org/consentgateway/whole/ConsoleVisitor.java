package org.consentgateway.whole;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.consentgateway.console.account.AccountFile;
import org.consentgateway.console.account.ConsoleAccount;
import org.consentgateway.console.account.ConsoleRole;
import org.consentgateway.console.account.PasswordHash;
import org.consentgateway.console.account.TotpSecret;

/** Confined to one test. Somebody before the console with a browser that does nothing by itself. */
final class ConsoleVisitor {
    /** What the gateway needs to have one. */
    static final String LISTEN =
            """
            console: {listen: "127.0.0.1:0", accounts: data/accounts.json, help: "%1$s/console/help"}
            compliance: {directory: "%1$s/compliance"}
            """
                    .formatted(Path.of(System.getProperty("project.root")).resolve("config"));

    static final String PASSWORD = "four words of mine";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Of that, at next to no cost: a test signs in dozens of times. */
    private static final PasswordHash HASH =
            new PasswordHash(
                    "$argon2id$v=19$m=64,t=1,p=1$YSB0ZXN0J3Mgc2FsdCAxNg"
                            + "$ju+PJ3X6VK/0eAdD2iaAQPfoKUuswOuttnJhmlAw38c");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final AtomicInteger SIGNED_IN = new AtomicInteger();

    private final HttpClient client;
    private final URI base;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    ConsoleVisitor(TestGateway gateway) {
        this(gateway, CLIENT);
    }

    private ConsoleVisitor(TestGateway gateway, HttpClient client) {
        this(URI.create("http://127.0.0.1:" + gateway.gateway().consolePort()), client);
    }

    /**
     * @param base as console.url has it
     */
    ConsoleVisitor(URI base) {
        this(base, CLIENT);
    }

    private ConsoleVisitor(URI base, HttpClient client) {
        this.client = client;
        this.base = base;
    }

    static Path accounts(TestGateway gateway) {
        return gateway.data().resolve("accounts.json");
    }

    /** Somebody of this role, called so. */
    static TotpSecret add(TestGateway gateway, String name, ConsoleRole role) throws IOException {
        return add(new AccountFile(accounts(gateway)), name, role);
    }

    static TotpSecret add(AccountFile accounts, String name, ConsoleRole role) throws IOException {
        TotpSecret totp = TotpSecret.mint(RANDOM);
        accounts.add(new ConsoleAccount(name, "Ada " + role.text(), role, HASH, totp));
        return totp;
    }

    /** The same, at a gateway whose clock is ahead. */
    static ConsoleVisitor signedIn(
            TestGateway gateway, String name, ConsoleRole role, Duration ahead) throws Exception {
        TotpSecret totp = add(gateway, name, role);
        var visitor = new ConsoleVisitor(gateway);
        String code = totp.code(InstantSource.system().instant().plus(ahead));
        if (visitor.signIn(name, PASSWORD, code).statusCode() != 303) {
            throw new AssertionError("not let in: " + name);
        }
        return visitor;
    }

    static String code(TotpSecret totp) {
        return totp.code(InstantSource.system().instant());
    }

    /** Has signed in under a name, and from an address, of its own: each may only try so often. */
    static ConsoleVisitor signedIn(TestGateway gateway, String name, ConsoleRole role)
            throws Exception {
        TotpSecret totp = add(gateway, name, role);
        InetAddress own = InetAddress.ofLiteral("127.1.0." + SIGNED_IN.incrementAndGet());
        var visitor =
                new ConsoleVisitor(gateway, HttpClient.newBuilder().localAddress(own).build());
        HttpResponse<String> said = visitor.signIn(name, PASSWORD, code(totp));
        if (said.statusCode() != 303) {
            throw new AssertionError("not let in: " + said.statusCode() + said.body());
        }
        return visitor;
    }

    URI base() {
        return base;
    }

    Map<String, String> cookies() {
        return cookies;
    }

    HttpResponse<String> signIn(String name, String password, String code) throws Exception {
        return post("/sign-in", Map.of("name", name, "password", password, "code", code));
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    HttpResponse<byte[]> download(String path) throws Exception {
        return client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** From a page of the console, as a browser tells. */
    HttpResponse<String> post(String path, Map<String, String> form) throws Exception {
        return send(posted(path, form).header("Sec-Fetch-Site", "same-origin"));
    }

    /** With what stands in the forms of a page. */
    HttpResponse<String> postWithToken(String path, Map<String, String> form) throws Exception {
        var more = new LinkedHashMap<>(form);
        more.put("token", token());
        return post(path, more);
    }

    String token() throws Exception {
        Matcher token = TOKEN.matcher(get("/").body());
        if (!token.find()) {
            throw new AssertionError("no form on the page");
        }
        return token.group(1);
    }

    HttpRequest.Builder posted(String path, Map<String, String> form) {
        String body =
                form.entrySet().stream()
                        .map(each ->
                                each.getKey()
                                        + "="
                                        + URLEncoder.encode(
                                                each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(PATIENCE)
                        .header("Accept-Language", "en");
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(each -> each.getKey() + "=" + each.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> said =
                client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        for (String each : said.headers().allValues("Set-Cookie")) {
            String[] pair = each.split(";", 2)[0].split("=", 2);
            cookies.put(pair[0], pair[1]);
        }
        return said;
    }
}
