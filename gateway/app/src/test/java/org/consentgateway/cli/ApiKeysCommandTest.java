package org.consentgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.consentgateway.cli.access.ApiKeysCommand;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code api-keys create|list|revoke}, as typed. */
@Timeout(60)
class ApiKeysCommandTest {
    private static final Pattern KEY =
            Pattern.compile("^(cgk_([a-z2-7]{8})_[A-Za-z0-9_-]{43})$", Pattern.MULTILINE);

    @TempDir private Path folder;

    private record Ran(int code, String text) {}

    private Ran keys(String... arguments) {
        var out = new StringWriter();
        CommandLine command = ApiKeysCommand.with(() -> TestLedger.in(folder));
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        command.setExecutionExceptionHandler((e, line, _) -> {
            line.getErr().println(e.getMessage());
            return 1;
        });
        return new Ran(command.execute(arguments), out.toString());
    }

    @Test
    void aKeyIsShownOnceListedAndRevoked() throws Exception {
        assertThat(keys("list").text()).contains("There is no key");
        Ran created =
                keys(
                        "create",
                        "crm",
                        "--scope",
                        "consents:read",
                        "--scope",
                        "calls:read",
                        "--expires",
                        "P90D",
                        "--who",
                        "Ada");
        assertThat(created.code()).as(created.text()).isZero();
        Matcher key = KEY.matcher(created.text());
        assertThat(key.find()).as(created.text()).isTrue();
        String id = key.group(2);

        assertThat(keys("list").text())
                .contains(id, "crm", "good", "Ada", "calls:read consents:read")
                .doesNotContain(key.group(1));
        assertThat(keys("revoke", id, "--who", "Bob").text()).contains("revoked: " + id);
        assertThat(keys("revoke", id, "--who", "Bob").code()).isZero();
        assertThat(keys("list").text()).contains("revoked").doesNotContain("good");
        try (Stream<Path> files = Files.walk(folder)) {
            String secret = key.group(1).substring("cgk_".length() + 9);
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(
                                new String(
                                        Files.readAllBytes(file),
                                        java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secret);
            }
        }
    }

    @Test
    void whatIsWrongIsToldWithWhatWouldBeRight() {
        assertThat(keys("create", "crm", "--scope", "?", "--who", "Ada"))
                .satisfies(ran -> {
                    assertThat(ran.code()).isEqualTo(1);
                    assertThat(ran.text()).contains("consents:withdraw", "records:read");
                });
        assertThat(
                        keys(
                                        "create",
                                        "crm",
                                        "--scope",
                                        "calls:read",
                                        "--expires",
                                        "P3Y",
                                        "--who",
                                        "Ada")
                                .text())
                .contains("P2Y at most");
        assertThat(keys("create", "4711", "--scope", "calls:read", "--who", "Ada").text())
                .contains("such as crm");
        assertThat(keys("revoke", "aaaaaaaa", "--who", "Ada").text()).contains("no key aaaaaaaa");
    }
}
