package org.consentgateway.cli.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.consentgateway.cli.CommandGroup;
import org.consentgateway.config.FileFailure;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.ProgressBar;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.number.AboutEntries;
import org.consentgateway.ledger.proof.Holders;
import org.consentgateway.ledger.proof.Verification;
import org.consentgateway.ledger.store.Exports;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tree.SignedNote;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code ledger list|show|retention|verify|proof|tiles|backup}: reads only, so it may run beside
 * the gateway, as {@code ledger archive|migrate} may; {@code ledger restore|resume} may not.
 */
@Command(
        name = "ledger",
        description = "Look at the record of consents and check it.",
        subcommands = CommandLine.HelpCommand.class)
public final class LedgerCommand extends CommandGroup {
    private LedgerCommand() {}

    /** To be added to the root command under the name "ledger". */
    public static CommandLine with(Supplier<LedgerSettings> settings) {
        CommandLine ledger =
                new CommandLine(new LedgerCommand())
                        .addSubcommand(new ListCommand(settings))
                        .addSubcommand(new Show(settings))
                        .addSubcommand(new ShowRetention(settings))
                        .addSubcommand(new Verify(settings));
        ProofCommands.addTo(ledger, settings);
        StoreCommands.addTo(ledger, settings);
        ledger.addSubcommand(new ArchiveCommand(settings));
        WitnessCommands.addTo(ledger, settings);
        return ledger;
    }

    /** Where the store and its keys are, if not where the configuration says. */
    static final class Place {
        @Option(
                names = "--url",
                paramLabel = "JDBC-URL",
                description = "Another store, such as jdbc:sqlite:copy.db.")
        private @Nullable String url;

        @Option(
                names = "--keys",
                paramLabel = "DIR",
                description = "Its key directory (verifier.keys; payload.keys to open payloads).")
        private @Nullable Path keys;

        @Option(
                names = "--checkpoints",
                paramLabel = "DIR",
                description = "Its directory of exported checkpoints.")
        private @Nullable Path exports;

        @Option(
                names = "--archive",
                paramLabel = "DIR",
                description = "Its directory of entries that were taken out (ledger archive).")
        private @Nullable Path archive;

        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec spec;

        /** Of a copy nobody knows how old it may be. */
        boolean isElsewhere() {
            return url != null;
        }

        LedgerSettings of(Supplier<LedgerSettings> configured) {
            LedgerSettings settings = configured.get();
            settings = url == null ? settings : withUrl(settings, url);
            settings = keys == null ? settings : settings.withKeys(keys);
            settings = archive == null ? settings : settings.withArchive(archive);
            return exports == null ? settings : settings.withExports(exports);
        }

        /** Compared with nothing, a log that was cut off would count as whole. */
        void requireCheckpoints() throws IOException {
            if (exports != null && Exports.all(exports).isEmpty()) {
                throw AuditCommand.wrongUsage(
                        spec,
                        "--checkpoints: "
                                + exports
                                + (Files.isDirectory(exports)
                                        ? " holds no checkpoint (*.checkpoint)"
                                        : " is no directory"));
            }
        }

        private LedgerSettings withUrl(LedgerSettings settings, String other) {
            try {
                return settings.withUrl(other);
            } catch (IllegalArgumentException e) {
                throw AuditCommand.wrongUsage(spec, "--url: " + e.getMessage());
            }
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One entry with all that is recorded, and the words that were spoken.")
    static final class Show extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        @Mixin private final Place place = new Place();

        @Parameters(paramLabel = "ID", description = "Entry id, as in ledger list.")
        private String id = "";

        @Option(names = "--json", description = "On one line.")
        private boolean json;

        Show(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            LedgerArchive archive = LedgerArchive.open(place.of(configured));
            Optional<Entry> entry = archive.reader().entry(entryId(id));
            if (entry.isEmpty()) {
                throw new IOException("no entry " + id);
            }
            ObjectNode tree = tree(entry.get());
            spoken(archive, entry.get()).ifPresent(words -> tree.set("spoken", words));
            holders(archive, entry.get(), tree);
            out.println(
                    json
                            ? JSON.writeValueAsString(tree)
                            : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree));
            return OK;
        }
    }

    /** Who was given data under this consent, and what was told of its end. */
    private static void holders(LedgerArchive archive, Entry of, ObjectNode tree)
            throws LedgerUnavailable {
        var holders = new Holders();
        AboutEntries.ofHolders(
                archive.reader(),
                of.id(),
                entry -> {
                    ObjectNode payload = entry.payload();
                    if (payload != null) {
                        holders.add(entry.type().text(), entry.time().toString(), payload);
                    }
                });
        if (!holders.json().isEmpty()) {
            tree.set("holders", holders.json());
        }
    }

    /** Which parts were spoken, in which words; empty where the record names no text. */
    private static Optional<ObjectNode> spoken(LedgerArchive archive, Entry entry)
            throws IOException {
        ObjectNode payload = entry.payload();
        String hash = payload == null ? null : payload.at("/notice/text_sha256").textValue();
        if (payload == null || hash == null) {
            return Optional.empty();
        }
        ObjectNode spoken = AuditCommand.JSON.createObjectNode();
        Optional<NoticeWords> words = archive.words(hash);
        if (words.isEmpty()) {
            return Optional.of(spoken.put("missing", "no text of this hash is archived"));
        }
        for (String part : NoticeWords.spoken(payload)) {
            spoken.put(part, words.get().parts().get(part));
        }
        return Optional.of(spoken);
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Recompute every log and hold it against its checkpoints, stored and exported."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:nothing wrong",
                "1:tampered or damaged",
                "2:it cannot be read, or not be checked for want of a key; or wrong usage",
                "3:wrong configuration"
            })
    static final class Verify extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        @Mixin private final Place place = new Place();

        @Option(names = "--json", description = "The verdict as JSON.")
        private boolean json;

        @Option(
                names = "--checkpoint",
                paramLabel = "FILE",
                description = "A checkpoint you have kept yourself; may be repeated.")
        private List<Path> checkpoints = new ArrayList<>();

        Verify(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            LedgerSettings settings = place.of(configured);
            place.requireCheckpoints();
            for (Path one : checkpoints) {
                FileFailure.requireFile(one);
                if (SignedNote.parse(Files.readString(one)).isEmpty()) {
                    throw wrongUsage("--checkpoint: " + one + " is no checkpoint");
                }
            }
            LedgerArchive archive = LedgerArchive.open(settings);
            List<Path> known = new ArrayList<>(checkpoints);
            if (!place.isElsewhere()) {
                known.addAll(Exports.all(settings.keys()));
            }
            LongConsumer progress = json ? done -> {} : new ProgressBar(err(), archive.size());
            Verification verification = archive.verify(known, progress);
            print(verification, json, out);
            return code(verification);
        }
    }

    @Command(
            name = "retention",
            mixinStandardHelpOptions = true,
            description = {
                "When entries lose their content (pseudonym, answers, all but hash, time and"
                        + " type),",
                "counted by day and type. Nothing goes before what it refers to."
            })
    static final class ShowRetention extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        @Mixin private final Place place = new Place();

        @Option(names = "--entries", description = "Each entry, with its id.")
        private boolean entries;

        @Option(names = "--plan", description = "What is to come, by day: the same as without.")
        private boolean plan;

        ShowRetention(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            List<LedgerArchive.Planned> planned =
                    LedgerArchive.open(place.of(configured)).retention();
            if (entries && !plan) {
                planned.forEach(one ->
                        out.printf(
                                "%s  %-16s %s  (due %s)%n",
                                day(one), one.type(), one.id(), one.due()));
                return OK;
            }
            Map<String, Long> counted = new TreeMap<>();
            planned.forEach(one -> counted.merge(day(one) + "  " + one.type(), 1L, Long::sum));
            counted.forEach((what, many) -> out.printf("%-40s %d%n", what, many));
            return OK;
        }

        private static LocalDate day(LedgerArchive.Planned one) {
            return LocalDate.ofInstant(one.goes(), ZoneOffset.UTC);
        }
    }

    static ObjectNode tree(Entry entry) {
        ObjectNode tree = AuditCommand.JSON.createObjectNode();
        tree.put("id", entry.id().toString())
                .put("log", entry.log())
                .put("index", entry.index())
                .put("type", entry.type().text())
                .put("time", entry.time().toString())
                .put("leaf_hash", entry.leafHash());
        tree.set("payload", entry.payload());
        return tree;
    }
}
