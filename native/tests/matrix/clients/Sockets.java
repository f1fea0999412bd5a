import java.net.*;
import java.net.http.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;

/** Java: one way of using sockets a run. Sockets WAY HOST PORT */
final class Sockets {
    private static final byte[] HELLO = "hello\n".getBytes();

    public static void main(String[] args) throws Exception {
        String host = args[1];
        int port = Integer.parseInt(args[2]);
        URI page = URI.create("http://" + host + ":" + port + "/hello");
        System.out.write(switch (args[0]) {
            case "url" -> page.toURL().openStream().readAllBytes();
            case "httpclient" -> HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofByteArray()).body();
            case "nio" -> nio(new InetSocketAddress(host, port));
            case "udp" -> udp(new InetSocketAddress(host, port));
            default -> throw new IllegalArgumentException(args[0]);
        });
        System.out.flush();
        System.exit(0);
    }

    private static byte[] nio(InetSocketAddress target) throws Exception {
        try (SocketChannel call = SocketChannel.open(); Selector selector = Selector.open()) {
            call.configureBlocking(false);
            SelectionKey key = call.register(selector, SelectionKey.OP_CONNECT);
            boolean isConnected = call.connect(target);
            while (!isConnected) {
                await(selector);
                isConnected = call.finishConnect();
            }
            call.write(ByteBuffer.wrap(HELLO));
            key.interestOps(SelectionKey.OP_READ);
            ByteBuffer answer = ByteBuffer.allocate(HELLO.length);
            while (answer.hasRemaining()) {
                await(selector);
                if (call.read(answer) < 0) {
                    break;
                }
            }
            return answer.array();
        }
    }

    private static void await(Selector selector) throws Exception {
        if (selector.select(30_000) == 0) {
            throw new SocketTimeoutException();
        }
        selector.selectedKeys().clear();
    }

    private static byte[] udp(InetSocketAddress target) throws Exception {
        try (DatagramSocket flow = new DatagramSocket()) {
            flow.setSoTimeout(30_000);
            flow.send(new DatagramPacket(HELLO, HELLO.length, target));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            flow.receive(answer);
            return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }
}
