namespace IgsNetty.Endpoints.Proxy;

/// <summary>Associations of one IP address that have not sent yet, in the order they came. Loop only.</summary>
internal sealed class WaitingAssociations
{
    private readonly LinkedList<UdpAssociation> _withoutPort = new();
    private readonly LinkedList<UdpAssociation> _withPort = new();
    private readonly Dictionary<int, LinkedList<UdpAssociation>> _withSurePort = [];

    public bool IsEmpty => _withoutPort.Count == 0 && _withPort.Count == 0 && _withSurePort.Count == 0;

    /// <summary>The one that a port belongs to which none has stated; null: none that waits may have it.</summary>
    /// <param name="targetPort">Where its datagram goes.</param>
    public UdpAssociation? Find(int targetPort) =>
        (_withSurePort.GetValueOrDefault(targetPort) ?? (_withoutPort.Count > 0 ? _withoutPort : _withPort)).First?.Value;

    public void Add(UdpAssociation association) => association.Place = ListOf(association).AddLast(association);

    public void Remove(UdpAssociation association)
    {
        LinkedList<UdpAssociation> list = association.Place!.List!;
        list.Remove(association.Place);
        association.Place = null;
        if (list.Count == 0 && association.IsPortSure)
        {
            _withSurePort.Remove(association.Stated.Port);
        }
    }

    private LinkedList<UdpAssociation> ListOf(UdpAssociation association)
    {
        if (!association.IsPortSure)
        {
            return association.Stated.Port == 0 ? _withoutPort : _withPort;
        }

        if (!_withSurePort.TryGetValue(association.Stated.Port, out LinkedList<UdpAssociation>? list))
        {
            _withSurePort.Add(association.Stated.Port, list = new LinkedList<UdpAssociation>());
        }

        return list;
    }
}
