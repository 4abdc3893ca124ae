package org.consentgateway.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.consentgateway.ledger.store.LedgerSettings;

/**
 * A process of its own that archives until it is killed or done: {@code DIRECTORY URL MILLIS}, the
 * time of its clock. Says when it begins.
 */
final class ArchivingLoad {
    private ArchivingLoad() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        LedgerSettings settings =
                TestSettings.inDirectory(directory)
                        .withUrl(arguments[1])
                        .withArchive(directory.resolve("archive"));
        InstantSource clock =
                InstantSource.fixed(Instant.ofEpochMilli(Long.parseLong(arguments[2])));
        System.out.println("begins");
        System.out.flush();
        var wanted = new Archiving.Wanted(Duration.ofDays(30), Archiving.Step.TAKE);
        Archiving.run(settings, wanted, clock, _ -> {}).forEach(System.out::println);
    }
}
