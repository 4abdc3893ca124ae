package org.consentgateway.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.consentgateway.cli.Serving.Running;
import org.consentgateway.settings.Cautions;
import org.consentgateway.settings.GatewayConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Confined to the main thread. {@code gateway serve}. */
@Command(
        name = "serve",
        description = {
            "Answers calls until it is told to end.",
            "Ctrl-C or SIGTERM: no new calls, running ones end, then the process; again: at once.",
            "SIGHUP: the configuration is read again, for calls to come (as 'reload' does)."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

    private final Serving serving;

    @ParentCommand private @Nullable GatewayCommand gateway;
    @Spec private @Nullable CommandSpec spec;

    ServeCommand(Serving serving) {
        this.serving = serving;
    }

    @Override
    public Integer call() throws Exception {
        if (gateway == null || spec == null) {
            throw new IllegalStateException("serve stands below gateway");
        }
        GatewayConfig config = gateway.configToServe();
        LogOutput.serving(config.log().format(), config.log().level());
        Cautions.of(config).forEach(LOG::warn);
        Cautions.untold(config).forEach(LOG::warn);
        Cautions.onMachine(config, Runtime.getRuntime().availableProcessors()).forEach(LOG::warn);
        Thread.setDefaultUncaughtExceptionHandler(ServeCommand::uncaught);
        var signals = new ReloadSignal();
        EndSignal end = EndSignal.listen(signals::heard);
        PrintWriter out = spec.commandLine().getOut();
        try (Running running = serving.start(config, gateway.source())) {
            signals.open(running::reload);
            out.print(Welcome.to(config));
            out.flush();
            end.await();
            out.println(
                    "Ending: no new calls; those under way may end. Ctrl-C again ends at once.");
            out.flush();
            running.drain();
        }
        out.println("Ended.");
        out.flush();
        return ExitCode.DONE;
    }

    /** A thread of ours must tell before it dies; the process lives on. */
    private static void uncaught(Thread thread, Throwable error) {
        LOG.atError().addKeyValue("thread", thread.getName()).setCause(error).log("uncaught");
    }
}
