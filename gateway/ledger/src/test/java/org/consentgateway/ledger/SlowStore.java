package org.consentgateway.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;

/** Thread-safe. A real store whose commits hang as long as it is told to. */
record SlowStore(DataSource real, AtomicBoolean hanging, CountDownLatch until) {
    DataSource source() {
        return (DataSource)
                Proxy.newProxyInstance(
                        SlowStore.class.getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (proxy, method, arguments) -> {
                            Object result = invoke(real, method, arguments);
                            return result instanceof Connection connection
                                    ? slow(connection)
                                    : result;
                        });
    }

    private Connection slow(Connection connection) {
        return (Connection)
                Proxy.newProxyInstance(
                        SlowStore.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("commit") && hanging.get()) {
                                until.await();
                            }
                            return invoke(connection, method, arguments);
                        });
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
