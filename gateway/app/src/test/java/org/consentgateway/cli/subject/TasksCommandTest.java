package org.consentgateway.cli.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.Map;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.consentgateway.consent.request.Task;
import org.consentgateway.ledger.Ledger;
import org.consentgateway.ledger.entry.EntryIds;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.proof.LedgerTasks;
import org.consentgateway.proof.StoredTasks;
import org.consentgateway.proof.TestLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What callers left to be done is seen and closed by a person, and gone when its time is over. */
class TasksCommandTest {
    private static final Map<Task.Kind, Period> KEPT =
            Map.of(Task.Kind.CALL_BACK, Period.ofDays(14), Task.Kind.COMPLAINT, Period.ofMonths(6));

    @TempDir Path folder;

    private LedgerSettings settings() {
        return TestLedger.in(folder);
    }

    private Task.Opened left(Task.Kind kind, Instant at, InstantSource clock) throws Exception {
        var task =
                new Task.Opened(
                        EntryIds.next(at),
                        at,
                        kind,
                        new CallFacts(
                                UUID.randomUUID(),
                                "ab",
                                "local",
                                "demo",
                                at,
                                null,
                                true,
                                false,
                                true),
                        new NoticeRef(
                                "demo",
                                "2026-11",
                                "de",
                                "b",
                                "00",
                                "11",
                                new Notice.Controller("Nordwind", "Kiel", "DE")),
                        new PhoneNumber("+493012345678"),
                        new Subject("ab12"));
        try (Ledger ledger = Ledger.open(settings(), clock)) {
            new LedgerTasks(ledger, "DE", KEPT).open(task, Duration.ofSeconds(10));
        }
        return task;
    }

    private String run(CommandLine command, String... arguments) {
        var out = new StringWriter();
        command.setOut(new PrintWriter(out)).setErr(new PrintWriter(out)).execute(arguments);
        return out.toString();
    }

    private CommandLine callBacks() {
        return TasksCommand.callBacks(
                () -> new StoredTasks(settings(), InstantSource.system(), "DE", KEPT));
    }

    @Test
    void aCallBackIsListedShownAndDoneOnce() throws Exception {
        Instant now = Clock.systemUTC().instant();
        Task.Opened task = left(Task.Kind.CALL_BACK, now, InstantSource.system());
        String number = task.reference().digits();

        assertThat(run(callBacks(), "list")).contains(number, "+493012345678", "demo", "open");
        assertThat(run(callBacks(), "show", number))
                .contains("+493012345678", task.call().callId().toString(), "variant b");
        assertThat(run(callBacks(), "done", number, "--who", "Ada", "--result", "helped"))
                .contains(number + " is done");
        assertThat(run(callBacks(), "list")).contains("Nothing waits.");
        assertThat(run(callBacks(), "list", "--all")).contains(number, "done");
        assertThat(run(callBacks(), "show", number)).contains("by Ada", "helped");
        assertThat(run(callBacks(), "done", number, "--who", "Bob")).contains("was done on");
        assertThat(
                        run(
                                TasksCommand.complaints(() ->
                                        new StoredTasks(
                                                settings(), InstantSource.system(), "DE", KEPT)),
                                "list"))
                .contains("Nothing waits.");
    }

    @Test
    void itsNumberIsGoneWhenItsTimeIsOver() throws Exception {
        Instant then = Clock.systemUTC().instant().minus(Duration.ofDays(15));
        left(Task.Kind.CALL_BACK, then, InstantSource.fixed(then));
        assertThat(run(callBacks(), "list")).contains("OVERDUE");

        try (Ledger ledger = Ledger.open(settings(), InstantSource.system())) {
            assertThat(ledger.eraseOutdated()).isPresent();
            assertThat(ledger.reader().ofType(EntryType.TASK_OPENED, 10))
                    .allMatch(entry -> entry.payload() == null);
        }
        assertThat(run(callBacks(), "list", "--all")).contains("There is nothing.");
    }
}
