# The other implementation in InteropTests: "client ADDRESS" makes calls and prints the answers, "server" prints its port and serves.
import sys
import time
from concurrent import futures

import grpc
from google.protobuf.wrappers_pb2 import Int32Value, StringValue

OUT = StringValue.SerializeToString


def text(value):
    return StringValue(value=value)


def client(address):
    with grpc.insecure_channel(address) as channel:
        say = channel.unary_unary("/test.Echo/Say", OUT, StringValue.FromString)
        count = channel.unary_stream("/test.Echo/Count", Int32Value.SerializeToString, StringValue.FromString)
        chat = channel.stream_stream("/test.Echo/Chat", OUT, StringValue.FromString)
        print(say(text("hello"), timeout=10).value)
        print(len(say(text("x" * 2000000), timeout=10).value))
        print(say(text("token"), metadata=[("token", "abc.7")]).value)
        for what, limit in (("fail", 10), ("wait", 0.2)):
            try:
                say(text(what), timeout=limit)
            except grpc.RpcError as error:
                print(error.code().name, repr(error.details()) if what == "fail" else "")
        try:
            say(text("hello"), compression=grpc.Compression.Gzip)
        except grpc.RpcError as error:
            print(error.code().name)
        print(",".join(m.value for m in count(Int32Value(value=5))))
        print(",".join(m.value for m in chat(iter([text("a"), text("b")]))))


class Echo(grpc.GenericRpcHandler):
    def service(self, call):
        forms = {
            "/test.Echo/Say": grpc.unary_unary_rpc_method_handler(self.say, StringValue.FromString, OUT),
            "/test.Echo/Count": grpc.unary_stream_rpc_method_handler(self.count, Int32Value.FromString, OUT),
            "/test.Echo/Chat": grpc.stream_stream_rpc_method_handler(self.chat, StringValue.FromString, OUT),
        }
        return forms.get(call.method)

    def say(self, request, context):
        if request.value == "fail":
            context.abort(grpc.StatusCode.NOT_FOUND, "50% nicht gefunden: ü\n")
        if request.value == "wait":
            time.sleep(1)
        if request.value == "token":
            return text(dict(context.invocation_metadata()).get("token", "none"))
        return text("you said " + request.value)

    def count(self, request, context):
        for i in range(request.value):
            yield text(str(i + 1))

    def chat(self, requests, context):
        for request in requests:
            yield text("re: " + request.value)
        yield text("bye")


def server():
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((Echo(),))
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0)


client(sys.argv[2]) if sys.argv[1] == "client" else server()
