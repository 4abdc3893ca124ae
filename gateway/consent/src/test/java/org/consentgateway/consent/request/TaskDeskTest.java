package org.consentgateway.consent.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Notice;
import org.consentgateway.consent.NoticeRef;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Subject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TaskDeskTest {
    private static final Instant NOW = Instant.parse("2026-11-30T09:00:00Z");
    private static final NoticeRef NOTICE =
            new NoticeRef("demo", "1", "de", "a", "00", "11", new Notice.Controller("M", "", "DE"));

    private final List<Task.Opened> open = new ArrayList<>();

    private final TaskStore store =
            new TaskStore() {
                @Override
                public void open(Task.Opened task, Duration deadline) {
                    open.add(task);
                }

                @Override
                public List<Task.Opened> open(Task.Kind kind, int limit, Duration deadline) {
                    return List.copyOf(open);
                }
            };

    private TaskDesk desk(@Nullable Subject ofNumber) {
        return new TaskDesk(store, _ -> ofNumber, Duration.ofSeconds(1), UUID::randomUUID);
    }

    private static CallFacts call(Subject subject) {
        return new CallFacts(
                UUID.randomUUID(), "h", "local", "demo", NOW, subject, true, false, true);
    }

    /** Who is named by a new key since is the same caller: nobody can fill the desk by waiting. */
    @Test
    void whoAsksAgainAfterANewKeyIsToldOfTheTaskThereIs() throws Exception {
        Subject before = new Subject("k1.anna");
        Subject after = new Subject("k2.anna", List.of("k1.anna"));
        List<UUID> opened = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            opened.add(complains(before).id());
        }
        assertThat(open).hasSize(3);

        assertThat(complains(after).id()).isEqualTo(opened.getFirst());
        assertThat(open).hasSize(3);
        assertThat(complains(new Subject("k2.bert", List.of("k1.bert"))).id()).isNotIn(opened);
    }

    private Task.Opened complains(Subject caller) throws Exception {
        return desk(null).open(Task.Kind.COMPLAINT, call(caller), NOTICE, null, NOW);
    }

    @Test
    void aNumberThatIsWrittenInAnotherWayIsFoundByItsCallerAfterANewKey() throws Exception {
        CallFacts call = call(new Subject("k1.else"));
        Task.Opened first =
                desk(new Subject("k1.anna"))
                        .open(Task.Kind.CALL_BACK, call, NOTICE, new PhoneNumber("030123"), NOW);

        Task.Opened again =
                desk(new Subject("k2.anna", List.of("k1.anna")))
                        .open(Task.Kind.CALL_BACK, call, NOTICE, new PhoneNumber("+4930123"), NOW);

        assertThat(again).isEqualTo(first);
        assertThat(open).hasSize(1);
    }
}
