/** Over HTTP: requests of callers for access and erasure, taken down and answered by people. */
@NullMarked
package org.consentgateway.api.request;

import org.jspecify.annotations.NullMarked;
