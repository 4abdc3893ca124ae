package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.consentgateway.cli.SoundOutput;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.archive.KnownNotice;
import org.consentgateway.ledger.archive.NoticeWords;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.media.codec.G711;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Confined to the main thread. {@code notices show|play}: what callers were told, from the archive
 * in the store.
 */
public final class ArchivedTexts {
    /** Shorter beginnings of a hash may name anything. */
    private static final int LEAST_DIGITS = 8;

    private ArchivedTexts() {}

    /** Adds them to the command of the notices. */
    public static CommandLine with(CommandLine notices, Supplier<LedgerSettings> settings) {
        return notices.addSubcommand(new Show(settings)).addSubcommand(new Play(settings));
    }

    /** Which notice is meant. */
    abstract static class OfHash extends AuditCommand {
        private final Supplier<LedgerSettings> configured;
        @Mixin private final LedgerCommand.Place place = new LedgerCommand.Place();

        @Option(
                names = "--hash",
                paramLabel = "HASH",
                description = "text_sha256 or audio_sha256 of a record, or its first 8 digits.")
        private @Nullable String hash;

        OfHash(Supplier<LedgerSettings> configured) {
            this.configured = configured;
        }

        LedgerArchive archive() throws IOException {
            return LedgerArchive.open(place.of(configured));
        }

        /** All there are without a hash. */
        List<KnownNotice> chosen(LedgerArchive archive) throws IOException {
            List<KnownNotice> all = archive.notices();
            if (hash == null) {
                return all;
            }
            String digits = hash.toLowerCase(Locale.ROOT);
            List<KnownNotice> found =
                    all.stream()
                            .filter(notice ->
                                    notice.textSha256().startsWith(digits)
                                            || notice.audioSha256().startsWith(digits))
                            .toList();
            if (found.isEmpty() || digits.length() < LEAST_DIGITS) {
                throw new IOException(
                        found.isEmpty()
                                ? "no notice with a text or sound of hash " + hash + " was spoken"
                                : hash + " is too short: give at least 8 digits of the hash");
            }
            return found;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = {
                "Print the words that were spoken under a hash, from the archive in the store;",
                "without --hash, list what was ever spoken."
            })
    static final class Show extends OfHash {
        private static final String ROW = "%-26s %-20s %-17s %s%n";

        @Parameters(arity = "0..1", paramLabel = "PART", description = "Such as opening.")
        private @Nullable String part;

        Show(Supplier<LedgerSettings> configured) {
            super(configured);
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            LedgerArchive archive = archive();
            List<KnownNotice> notices = chosen(archive);
            if (notices.size() > 1 && part == null) {
                out.printf(ROW, "notice", "since", "text", "sound");
                for (KnownNotice notice : notices) {
                    out.printf(
                            ROW,
                            notice.key(),
                            notice.since(),
                            notice.textSha256().substring(0, 16),
                            notice.audioSha256().substring(0, 16));
                }
                return OK;
            }
            boolean any = false;
            for (KnownNotice notice : notices) {
                SortedMap<String, String> words = words(archive, notice);
                if (part == null || words.containsKey(part)) {
                    any = true;
                    printNotice(
                            notice, part == null ? words : words.subMap(part, part + "\0"), out);
                }
            }
            if (part != null && !any) {
                throw new IOException("no notice that was spoken has a part " + part);
            }
            return OK;
        }
    }

    private static void printNotice(
            KnownNotice notice, SortedMap<String, String> words, PrintWriter out) {
        out.println(notice.key() + ", spoken since " + notice.since());
        out.println("text  " + notice.textSha256());
        out.println("sound " + notice.audioSha256());
        out.println("terms " + notice.terms());
        words.forEach((name, said) -> out.println(name + ": " + said));
    }

    private static SortedMap<String, String> words(LedgerArchive archive, KnownNotice notice)
            throws IOException {
        return archive.words(notice.textSha256()).map(NoticeWords::parts).orElseGet(TreeMap::new);
    }

    @Command(
            name = "play",
            mixinStandardHelpOptions = true,
            description = "Let you hear a part as it was spoken, or write it to a file.")
    static final class Play extends OfHash {
        @Parameters(
                arity = "0..1",
                paramLabel = "PART",
                description = "Such as opening (default: all).")
        private @Nullable String part;

        @Mixin private final SoundOutput output = new SoundOutput();

        Play(Supplier<LedgerSettings> configured) {
            super(configured);
        }

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            LedgerArchive archive = archive();
            KnownNotice notice =
                    chosen(archive).stream()
                            .findFirst()
                            .orElseThrow(() -> new IOException("no notice was spoken yet"));
            SortedMap<String, String> words = words(archive, notice);
            boolean any = false;
            for (Map.Entry<String, byte[]> sound : archive.sounds(notice).entrySet()) {
                if (part != null && !part.equals(sound.getKey())) {
                    continue;
                }
                any = true;
                output.put(
                        sound.getKey(),
                        G711.PCMA.decode(sound.getValue()),
                        sound.getKey() + ": " + words.get(sound.getKey()),
                        out);
            }
            if (!any) {
                throw new IOException(notice.key() + " has no part " + part);
            }
            return OK;
        }
    }
}
