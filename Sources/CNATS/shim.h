// The client of NATS and its JetStream.
#pragma once
#include <nats/nats.h>
