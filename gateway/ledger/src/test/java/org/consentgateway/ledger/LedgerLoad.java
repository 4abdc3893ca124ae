package org.consentgateway.ledger;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.consentgateway.ledger.entry.Announcing;
import org.consentgateway.ledger.entry.CommittedEntry;
import org.consentgateway.ledger.entry.Outgoing;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;

/**
 * A process of its own that writes until it is killed: {@code DIRECTORY URL NODE THREADS}. Prints
 * the id of every entry that was acknowledged, as a gateway would then forward the call.
 */
final class LedgerLoad {
    private LedgerLoad() {}

    public static void main(String[] arguments) throws Exception {
        LedgerSettings settings =
                TestSettings.withCheckpoints(
                        TestSettings.inDirectory(Path.of(arguments[0]))
                                .withUrl(arguments[1])
                                .withNode(arguments[2]),
                        50,
                        Duration.ofSeconds(1));
        // Somebody is told of each.
        Announcing announcing =
                entry -> List.of(new Outgoing("crm", entry.type().text(), false, "{}"));
        Ledger ledger = Ledger.open(settings.withAnnouncing(announcing), Clock.systemUTC());
        int threads = Integer.parseInt(arguments[3]);
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread.ofPlatform().start(() -> write(ledger, number));
        }
        new CountDownLatch(1).await(); // until killed
    }

    private static void write(Ledger ledger, int number) {
        for (int i = 0; ; i++) {
            try {
                CommittedEntry committed =
                        Records.append(ledger, Records.given("call-" + number + "-" + i, "p" + i));
                byte[] line =
                        ("forwarded " + committed.entryId() + "\n")
                                .getBytes(StandardCharsets.US_ASCII);
                synchronized (LedgerLoad.class) {
                    System.out.write(line, 0, line.length);
                    System.out.flush();
                }
            } catch (LedgerUnavailable e) {
                // A busy machine may take longer than a caller waits: the next call comes all the
                // same, and whoever reads our lines would wait for good.
            }
        }
    }
}
