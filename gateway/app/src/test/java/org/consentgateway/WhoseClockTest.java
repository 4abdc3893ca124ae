package org.consentgateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A clock that was set ahead counts at once for what is relied on and for signing in. All else,
 * which is written, deleted, or waits for its time, goes by the time that is expected: what a wrong
 * year does there stays when the clock is right again.
 */
class WhoseClockTest {
    private static final Path PARTS =
            Path.of(System.getProperty("project.root", "../.."))
                    .resolve("gateway/app/src/main/java/org/consentgateway");

    private static final Pattern AT_ONCE = Pattern.compile("startup\\.clock\\(\\)");

    /** How often each part asks for the time as the machine's clock has it now. */
    private static final Map<String, Integer> KNOWN =
            Map.of(
                    "Monitoring.java",
                            7, // what is shown of it, certificates, and whether it is in doubt
                    "OwnConsole.java",
                            2, // what an identity provider has signed, and codes of people's apps
                    "Reload.java", 1, // a gauge
                    "RestApi.java", 4, // keys and tokens of the API
                    "Telephony.java", 1, // whether a consent still holds
                    "Tokens.java", 1, // tokens for assistants
                    "Webhooks.java", 2); // signatures, and whether it is in doubt

    @Test
    void whatIsWrittenOrDeletedOrWaitsGoesByTheExpectedTime() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        try (Stream<Path> parts = Files.list(PARTS)) {
            for (Path part : parts.filter(each -> each.toString().endsWith(".java")).toList()) {
                int times = (int) AT_ONCE.matcher(Files.readString(part)).results().count();
                if (times > 0) {
                    found.put(part.getFileName().toString(), times);
                }
            }
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(KNOWN);
    }
}
