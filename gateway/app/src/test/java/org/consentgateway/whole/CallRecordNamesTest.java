package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.consentgateway.cli.subject.SubjectCommand;
import org.consentgateway.proof.StoredRequests;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Call detail records name whom the log names in the same call, and nobody else. */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class CallRecordNamesTest {
    @TempDir static Path folder;

    private static TestGateway gateway;

    @BeforeAll
    static void start() throws Exception {
        gateway =
                TestGateway.start(
                        folder,
                        TestGateway.Wishes.USUAL,
                        yaml ->
                                "cdr: {directory: data/cdr, formats: [json, csv], caller:"
                                        + " pseudonym}\n"
                                        + yaml);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static String records() throws IOException {
        var all = new StringBuilder();
        if (!Files.exists(folder.resolve("data/cdr"))) {
            return "";
        }
        try (Stream<Path> files = Files.list(folder.resolve("data/cdr"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    private static List<String> linesOf(String call) throws IOException {
        return records().lines().filter(line -> line.contains(call)).toList();
    }

    private static String pseudonym(String number) throws Exception {
        return gateway.archive().pseudonyms().subject(number).current();
    }

    /**
     * @return the id of the call
     */
    private static String agrees(String number) throws Exception {
        TestCaller.agrees(gateway, TestGateway.ONE_LEVEL, number).hears("assistant").hangsUp();
        String call = gateway.callIds(number).getFirst();
        TestWait.until(() -> linesOf(call).size() == 2);
        String pseudonym = pseudonym(number);
        assertThat(linesOf(call)).allMatch(line -> line.contains(pseudonym));
        return call;
    }

    @Story
    void whoRefusesIsNotNamedAndWhoIsErasedNoLongerInAnyFile() throws Exception {
        String refuses = "+491710000921";
        String erased = "+491710000922";
        String stays = "+491710000923";
        TestCaller.calls(gateway, TestGateway.ONE_LEVEL, refuses)
                .hears("question-keys.assistant")
                .presses("2")
                .hears("human")
                .hangsUp();
        TestWait.until(() -> records().contains(",refused,"));
        assertThat(records()).contains("\"decision\":\"refused\"");
        assertThat(records()).doesNotContain(pseudonym(refuses));
        String call = agrees(erased);
        String other = agrees(stays);

        assertThat(erases(erased)).contains("2 lines of call detail records here name this caller");

        TestWait.until(() -> !records().contains(pseudonym(erased)));
        assertThat(linesOf(call)).as("but for the name they stay").hasSize(2);
        String pseudonym = pseudonym(stays);
        assertThat(linesOf(other)).hasSize(2).allMatch(line -> line.contains(pseudonym));
    }

    private static String erases(String number) {
        CommandLine command =
                SubjectCommand.with(
                        gateway::ledger,
                        () ->
                                TestLedger.requests(
                                        gateway.ledger(), InstantSource.system(), lines()));
        var out = new StringWriter();
        command.setOut(new PrintWriter(out));
        assertThat(command.execute("erase", number, "--yes", "--who", "A. Holm")).isZero();
        return out.toString();
    }

    private static StoredRequests.CallRecords lines() {
        return TestLedger.callRecords(folder.resolve("data/cdr"));
    }
}
