package org.consentgateway.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.consentgateway.config.FileFailure;
import org.consentgateway.ledger.LedgerArchive;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.ledger.proof.CheckResult;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.proof.ReceiptCheck;
import org.consentgateway.ledger.store.LedgerSettings;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.ledger.tiles.ProofCheck;
import org.consentgateway.ledger.tiles.TlogProof;
import org.consentgateway.ledger.tree.TrustPolicy;
import org.consentgateway.ledger.tree.VerifierKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code receipt ID} and {@code receipt verify FILE --key PUB}. */
@Command(
        name = "receipt",
        mixinStandardHelpOptions = true,
        description = "Print a self-contained proof of one entry.")
public final class ReceiptCommand extends AuditCommand {
    private final Supplier<LedgerSettings> configured;
    @Mixin private final LedgerCommand.Place place = new LedgerCommand.Place();

    @Parameters(paramLabel = "ID", arity = "0..1", description = "Entry id, as in ledger list.")
    private @Nullable String id;

    @Option(
            names = "--format",
            defaultValue = "json",
            converter = Format.Words.class,
            description =
                    "json, html (a page for people, to be printed), dpv (ISO/IEC TS 27560 as"
                            + " JSON-LD), vcon, or tlog-proof (C2SP: that the entry is in the log,"
                            + " without its content); default json.")
    private Format format = Format.json;

    @Option(
            names = "--language",
            paramLabel = "de|en",
            description = "Of the page; default is that of the call.")
    private @Nullable String language;

    /** As written on the command line. */
    enum Format {
        json,
        html,
        dpv,
        vcon,
        tlog_proof;

        /** With the hyphen of its standard. */
        static final class Words implements CommandLine.ITypeConverter<Format> {
            @Override
            public Format convert(String word) {
                try {
                    return Format.valueOf(word.replace('-', '_'));
                } catch (IllegalArgumentException e) {
                    throw new CommandLine.TypeConversionException(
                            "json, html, dpv, vcon or tlog-proof would be right, not " + word);
                }
            }
        }
    }

    private ReceiptCommand(Supplier<LedgerSettings> configured) {
        this.configured = configured;
    }

    /** To be added to the root command under the name "receipt". */
    public static CommandLine with(Supplier<LedgerSettings> settings) {
        return new CommandLine(new ReceiptCommand(settings)).addSubcommand(new Verify());
    }

    @Override
    protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
        if (id == null) {
            throw new IOException("which entry? receipt ID, or receipt verify FILE");
        }
        Receipt receipt = LedgerArchive.open(place.of(configured)).receipt(entryId(id));
        switch (format) {
            case json -> print(receipt.json(), out);
            case html -> out.print(receipt.page(language == null ? receipt.language() : language));
            case dpv -> print(receipt.dpv(), out);
            case vcon -> print(receipt.vcon(), out);
            case tlog_proof -> out.print(TlogProof.of(receipt).text());
        }
        out.flush();
        return OK;
    }

    private static void print(JsonNode json, PrintWriter out) throws IOException {
        out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Check a receipt with a public key alone, without store and network, and say what"
                        + " it proves."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:it holds", "1:it does not", "2:it cannot be read; or wrong usage"})
    static final class Verify extends AuditCommand {

        @Parameters(paramLabel = "FILE", description = "A receipt in any of the formats.")
        private Path file = Path.of("");

        @Option(
                names = "--key",
                required = true,
                paramLabel = "PUB",
                description = "File of verifier keys, one a line, such as keys/verifier.keys.")
        private Path key = Path.of("");

        @Option(
                names = "--policy",
                paramLabel = "FILE",
                description =
                        "Which witnesses have to have cosigned (C2SP tlog-policy; ledger"
                                + " policy).")
        private @Nullable Path policy;

        @Option(names = "--json", description = "The verdict as JSON.")
        private boolean json;

        @Override
        protected int run(PrintWriter out) throws IOException, LedgerUnavailable {
            for (Path read : policy == null ? List.of(file, key) : List.of(file, key, policy)) {
                FileFailure.requireFile(read);
            }
            String text = Files.readString(file);
            List<VerifierKey> keys = KeyFiles.verifiers(key);
            TrustPolicy asked = policy == null ? TrustPolicy.NONE : KeyFiles.policy(policy);
            CheckResult check =
                    ProofCheck.isOne(text)
                            ? ProofCheck.of(text, keys, asked, Map.of())
                            : ReceiptCheck.of(file, keys, asked);
            print(check, json, out);
            return check.passed() ? OK : TAMPERED;
        }
    }
}
