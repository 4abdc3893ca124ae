/** Over HTTP: what those need who keep the gateway running. Names nobody. */
@NullMarked
package org.consentgateway.api.operation;

import org.jspecify.annotations.NullMarked;
