package org.consentgateway.cli.audit;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.consentgateway.cli.EndSignal;
import org.consentgateway.ledger.tree.WitnessKey;
import org.consentgateway.ledger.witness.WitnessMemory;
import org.consentgateway.ledger.witness.WitnessServer;
import org.consentgateway.ledger.witness.WitnessedLogs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Confined to the main thread. {@code witness}: needs no configuration and no gateway. */
@Command(
        name = "witness",
        description = {
            "Be a witness (C2SP tlog-witness) for the logs of others, until Ctrl-C: cosign each of"
                    + " their checkpoints",
            "that continues the one before, and none that does not. Run it at another site, or let"
                    + " your auditor run it.",
            "At its first start it makes its key; it prints what the others put under"
                    + " store.witnesses."
        })
public final class WitnessCommand extends AuditCommand {
    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description =
                    "Of this witness, for good: a domain with a path, such as"
                            + " witness.example.com/w1.")
    private String name = "";

    @Option(
            names = "--logs",
            required = true,
            paramLabel = "FILE",
            description =
                    "The keys of the logs, one a line: keys/verifier.keys of their gateways."
                            + " Read again when it changes.")
    private Path logs = Path.of("");

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description =
                    "Its key and what it has seen (data/witness). Do not put back old"
                            + " copies of it.")
    private Path directory = Path.of("data/witness");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description =
                    "Where it is asked, over HTTP (127.0.0.1:8098); put a web server with"
                            + " TLS before it where others are far away.")
    private String listen = "127.0.0.1:8098";

    @Override
    protected int run(PrintWriter out) throws IOException {
        if (!WitnessKey.isName(name)) {
            throw new IOException(
                    "--name: no spaces and no plus signs, such as witness.example/w1");
        }
        WitnessedLogs witnessed = WitnessedLogs.of(logs);
        EndSignal end = EndSignal.listen();
        try (WitnessMemory memory = WitnessMemory.open(directory, name);
                WitnessServer server =
                        WitnessServer.start(address(), memory, witnessed, InstantSource.system())) {
            List<String> origins = witnessed.origins();
            InetSocketAddress at = server.address();
            out.println("Witness for " + String.join(", ", origins) + ", at");
            out.println("  - name: witness");
            out.println(
                    "    url: http://"
                            + at.getAddress().getHostAddress()
                            + ":"
                            + at.getPort()
                            + "/");
            out.println("    key: " + memory.key().witness().text());
            out.flush();
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return OK;
    }

    private InetSocketAddress address() throws IOException {
        int colon = listen.lastIndexOf(':');
        try {
            return new InetSocketAddress(
                    listen.substring(0, Math.max(0, colon)),
                    Integer.parseInt(listen.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IOException("--listen: HOST:PORT, such as 127.0.0.1:8098", e);
        }
    }
}
