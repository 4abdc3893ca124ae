package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * In a gateway's process: whoever asks for the time is told so many seconds more as a file says,
 * which may change at any time. Time that only goes on ({@code nanoTime}) stays.
 */
public final class ClockAgent implements ClassFileTransformer {
    private static final String SECONDS = "chaos.clock.seconds";
    private static final String CLOCK = "java/time/Clock";
    private static final long TURN_MILLIS = 100;

    private ClockAgent() {}

    /**
     * Called by the runtime before {@code main}.
     *
     * @param file with the seconds, as a number
     */
    @SuppressWarnings("unused") // the runtime's name
    public static void premain(String file, Instrumentation runtime)
            throws UnmodifiableClassException {
        System.setProperty(SECONDS, "0");
        runtime.addTransformer(new ClockAgent(), true);
        runtime.retransformClasses(Clock.class);
        Thread.ofPlatform().daemon().name("clock").start(() -> follow(Path.of(file)));
    }

    private static void follow(Path file) {
        try {
            while (true) {
                System.setProperty(SECONDS, Files.readString(file).strip());
                Thread.sleep(TURN_MILLIS);
            }
        } catch (IOException | InterruptedException over) {
            // The run is over.
        }
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String name,
            @Nullable Class<?> before,
            ProtectionDomain domain,
            byte[] octets) {
        if (!CLOCK.equals(name)) {
            return null; // as it is
        }
        ClassFile file = ClassFile.of();
        return file.transformClass(
                file.parse(octets),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("currentInstant"),
                        (code, element) -> {
                            if (element instanceof ReturnInstruction) {
                                code.ldc(SECONDS)
                                        .lconst_0()
                                        .invokestatic(
                                                ConstantDescs.CD_Long,
                                                "getLong",
                                                MethodTypeDesc.of(
                                                        ConstantDescs.CD_Long,
                                                        ConstantDescs.CD_String,
                                                        ConstantDescs.CD_long))
                                        .invokevirtual(
                                                ConstantDescs.CD_Long,
                                                "longValue",
                                                MethodTypeDesc.of(ConstantDescs.CD_long))
                                        .invokevirtual(
                                                Instant.class.describeConstable().orElseThrow(),
                                                "plusSeconds",
                                                MethodTypeDesc.of(
                                                        Instant.class
                                                                .describeConstable()
                                                                .orElseThrow(),
                                                        ConstantDescs.CD_long));
                            }
                            code.with(element);
                        }));
    }
}
